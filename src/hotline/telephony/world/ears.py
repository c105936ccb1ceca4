"""Listening in on one channel: everything its party hears, readable while the call goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import uuid4

import numpy as np
import structlog

from hotline.telephony.asterisk.client import AriClient, AriError, Event, path
from hotline.telephony.world.listen import Samples, write_wav

# Asterisk writes recordings through a buffer of 32 kB. At 48 kHz that is a third of a second,
# at 8 kHz it would be two; the higher rate is how a script can hear what is said right now.
_log = structlog.get_logger(__name__)
_READY_WITHIN = 15.0
_FORMAT, _FACTOR = "sln48", 6


class Ears:
    """Records what ``channel_id`` receives, from :meth:`open` to the channel's end."""

    def __init__(self, client: AriClient, folder: Path, channel_id: str) -> None:
        self._client = client
        self._channel_id = channel_id
        self._name = f"heard-{uuid4().hex}"
        self._file = folder / f"{self._name}.{_FORMAT}"
        self._subscription = client.listen(self._name, self._on_event)
        self.are_closed = True
        """Whether the recording is complete (or never began)."""

    async def open(self) -> None:
        """Begin. Harmless when the channel is gone already."""
        snoop, ready = f"ears-{uuid4().hex}", asyncio.Event()
        with self._client.listen(snoop, lambda _: ready.set()):
            try:
                await self._client.request(
                    "POST",
                    f"channels/{path(self._channel_id)}/snoop/{snoop}",
                    {"spy": "in", "app": self._client.app, "appArgs": "ears"},
                )
                await asyncio.wait_for(ready.wait(), _READY_WITHIN)
                self.are_closed = False
                await self._client.request(
                    "POST",
                    f"channels/{snoop}/record",
                    {"name": self._name, "format": _FORMAT, "ifExists": "overwrite"},
                )
            except (AriError, TimeoutError) as error:
                self.are_closed = True
                _log.info("world.not_heard", channel=self._channel_id, error=repr(error))

    def samples(self) -> Samples:
        """What was heard so far, 8 kHz."""
        try:
            data = self._file.read_bytes()
        except FileNotFoundError:
            return np.zeros(0, dtype=np.int16)
        wide = np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2")
        return wide[::_FACTOR]

    def wav(self) -> Path | None:
        """What was heard so far as a file; None when there is nothing."""
        samples = self.samples()
        if not samples.size:
            return None
        target = self._file.with_suffix(".wav")
        write_wav(target, samples)
        return target

    def _on_event(self, event: Event) -> None:
        if event["type"] in {"RecordingFinished", "RecordingFailed"}:
            self.are_closed = True
            self._subscription.close()
