"""Recording a channel that the controller holds: a snoop on it, recorded by the switch."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress

import structlog

from hotline.kit.ids import unguessable_name
from hotline.telephony.asterisk.client import AriError, Event, path
from hotline.telephony.asterisk.party import Party, mark
from hotline.telephony.port import RecordSpec, RecordWhat, SwitchDown

log = structlog.get_logger(__name__)

SNOOP_PREFIX = "hl-snoop-"
CLOSE_PATIENCE = 5.0
_SPY = {RecordWhat.MIXED: "both", RecordWhat.FROM_PARTY: "in", RecordWhat.TO_PARTY: "out"}


class SnoopRecorder:
    """Implements ``port.Recorder``. The file is at its place once recording has ended."""

    def __init__(self, party: Party, spec: RecordSpec) -> None:
        self._session = party.session
        self._party = party
        self._spec = spec
        self._name = f"hl-{unguessable_name()}"
        self._snoop = f"{SNOOP_PREFIX}{unguessable_name()}"
        self._closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._file = self._session.client.listen(self._name, self._on_file)

    async def start(self) -> SnoopRecorder:
        """Begin to record. Raises what the party's verbs raise."""
        in_stasis: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def on_snoop(event: Event) -> None:
            if event["type"] == "StasisStart":
                mark(in_stasis)

        client = self._session.client
        with client.listen(self._snoop, on_snoop):
            query = {"spy": _SPY[self._spec.what], "app": client.app}
            await self._party.request("POST", path("snoop", self._snoop), query)
            await self._party.until(in_stasis)
        try:
            await client.request(
                "POST",
                f"{path('channels', self._snoop)}/record",
                {"name": self._name, "format": "wav", "ifExists": "overwrite"},
            )
        except AriError as error:
            raise SwitchDown(f"recording did not start: {error}") from error
        return self

    async def stop(self) -> None:
        if not self._closed.done():
            with suppress(SwitchDown):
                self._session.client.send("DELETE", path("channels", self._snoop))
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_PATIENCE):
                    await asyncio.shield(self._closed)

    def _on_file(self, event: Event) -> None:
        """The recording ended, by us or with its party: bring the file to its place."""
        if event["type"] not in {"RecordingFinished", "RecordingFailed"}:
            return
        self._file.close()
        made = self._session.recordings / f"{self._name}.wav"
        try:
            shutil.move(made, self._spec.path)
        except OSError as error:
            log.warning("recording.not_moved", path=str(self._spec.path), error=str(error))
        mark(self._closed)
