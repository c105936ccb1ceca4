"""Recording a caller by the dialplan's MixMonitor.

It costs the switch far less than a snoop, writes straight to the file's place, and goes on
without a controller. The channel leaves its room for the moment that starting and stopping take.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from typing import Protocol

from hotline.telephony.asterisk.dialplan import MONITOR, UNMONITOR
from hotline.telephony.asterisk.packing import monitoring
from hotline.telephony.port import MediaMissing, RecordSpec, TelephonyError

_numbers = count(1)


class SteppingAside(Protocol):
    """A call whose channel may visit the dialplan."""

    @property
    def is_over(self) -> bool: ...

    async def step_aside(self, extension: str, variables: dict[str, str]) -> None: ...


class Monitor:
    """Implements ``port.Recorder``."""

    def __init__(self, call: SteppingAside, spec: RecordSpec) -> None:
        if not spec.path.parent.is_dir():
            raise MediaMissing(f"{spec.path.parent} is not there")
        self._call = call
        self._spec = spec
        self._identity = f"HL_MON_{next(_numbers)}"
        self._runs = False

    async def start(self) -> Monitor:
        """Begin to record. Raises CallerGone, SwitchDown."""
        await self._call.step_aside(MONITOR, monitoring(self._spec, self._identity))
        self._runs = True
        return self

    async def stop(self) -> None:
        if self._runs and not self._call.is_over:
            self._runs = False
            with suppress(TelephonyError):  # with the caller it ends by itself
                await self._call.step_aside(UNMONITOR, {"HL_MON": self._identity})
