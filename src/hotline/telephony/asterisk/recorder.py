"""Recording a channel that the controller holds: a snoop on it, recorded by the switch."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import numpy as np

from hotline.kit.ids import unguessable_name
from hotline.telephony.asterisk.client import AriError, Event, path
from hotline.telephony.asterisk.live_file import CLOSE_PATIENCE, LiveFile
from hotline.telephony.asterisk.party import Party, mark
from hotline.telephony.port import Recorder, RecordSpec, RecordWhat, SwitchDown

SNOOP_PREFIX = "hl-snoop-"
_SPY = {RecordWhat.MIXED: "both", RecordWhat.FROM_PARTY: "in", RecordWhat.TO_PARTY: "out"}
_WAV_HEADER = 44


async def record_line(party: Party, spec: RecordSpec) -> Recorder:
    """Begin to record. Raises what the party's verbs raise."""
    if spec.what is RecordWhat.STEREO:
        return await StereoRecorder(party, spec.path).start()
    return await SnoopRecorder(party, spec).start()


class SnoopRecorder:
    """Implements ``port.Recorder``. The file is at its place once recording has ended."""

    def __init__(self, party: Party, spec: RecordSpec) -> None:
        self._session = party.session
        self._party = party
        self._spec = spec
        self._snoop = f"{SNOOP_PREFIX}{unguessable_name()}"
        self.file = LiveFile(party.session, spec.path)

    async def start(self) -> SnoopRecorder:
        """Begin to record. Raises what the party's verbs raise."""
        in_stasis: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def on_snoop(event: Event) -> None:
            if event["type"] == "StasisStart":
                mark(in_stasis)

        client = self._session.client
        try:
            with client.listen(self._snoop, on_snoop):
                query = {"spy": _SPY[self._spec.what], "app": client.app}
                await self._party.request("POST", path("snoop", self._snoop), query)
                await self._party.until(in_stasis)
            await client.request(
                "POST",
                f"{path('channels', self._snoop)}/record",
                {"name": self.file.name, "format": "wav", "ifExists": "overwrite"},
            )
        except AriError as error:
            self.file.forget()
            raise SwitchDown(f"recording did not start: {error}") from error
        except BaseException:
            self.file.forget()
            raise
        return self

    async def stop(self) -> None:
        if not self.file.closed.done():
            with suppress(SwitchDown):
                self._session.client.send("DELETE", path("channels", self._snoop))
            await self.file.until_closed(CLOSE_PATIENCE)


class StereoRecorder:
    """Implements ``port.Recorder`` by one recording a direction, put together at their end."""

    def __init__(self, party: Party, target: Path) -> None:
        self._target = target
        self._left = target.with_suffix(".left.wav")
        self._right = target.with_suffix(".right.wav")
        self._both = (
            SnoopRecorder(party, RecordSpec(self._left, RecordWhat.FROM_PARTY)),
            SnoopRecorder(party, RecordSpec(self._right, RecordWhat.TO_PARTY)),
        )
        self._joined: asyncio.Future[None] | None = None

    async def start(self) -> StereoRecorder:
        """Begin to record. Raises what the party's verbs raise."""
        for one in self._both:
            await one.start()
        self._joined = asyncio.ensure_future(self._join())
        return self

    async def stop(self) -> None:
        for one in self._both:
            await one.stop()
        if self._joined is not None:
            await asyncio.wait([self._joined], timeout=CLOSE_PATIENCE)

    async def _join(self) -> None:
        await asyncio.gather(*(one.file.closed for one in self._both))
        await asyncio.to_thread(interleave, self._left, self._right, self._target)


def interleave(left: Path, right: Path, target: Path) -> None:
    """Make two mono ``.wav`` into one stereo ``.raw``, and remove them."""
    sides = [np.frombuffer(file.read_bytes()[_WAV_HEADER:], dtype="<i2") for file in (left, right)]
    both = np.zeros((max(side.size for side in sides), 2), dtype="<i2")
    for column, side in enumerate(sides):
        both[: side.size, column] = side
    target.write_bytes(both.tobytes())
    left.unlink()
    right.unlink()
