"""Keeps presence true where nobody says anything: wrap-ups that end, devices that vanish, calls
that were lost. One runs beside each switch; any number of them may run at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from hotline.agents.losses import DeviceLosses
from hotline.agents.presence import AgentPresence
from hotline.db.direct import DatabaseAway
from hotline.kit.clock import Clock
from hotline.telephony.port import SwitchDown
from hotline.telephony.values import DeviceChange

_log = structlog.get_logger(__name__)
_WRAP_UPS_EVERY: Final = 1.0
"""At most: a look whenever one ends that is known to go on."""
_WRAP_UPS_APART: Final = 0.05
_DEVICES_EVERY: Final = 3.0
_LOST_EVERY: Final = 10.0
_RECOVERED_AFTER: Final = 30.0
"""Seconds after the start in which surviving calls are taken up again."""
_SETTLING: Final = timedelta(seconds=10)
"""A phone in a browser registers a moment after its agent has signed in."""
_ENDED_FOR: Final = timedelta(seconds=30)
_RETRY: Final = 2.0
_LONGEST_RETRY: Final = 10.0


class Devices(Protocol):
    """The switch, as far as it knows SIP accounts."""

    @property
    def node(self) -> str: ...

    def device_changes(self) -> AsyncIterator[DeviceChange]: ...


class PresenceKeeper:
    """``await run()`` keeps presence until cancelled."""

    def __init__(
        self,
        presence: AgentPresence,
        clock: Clock,
        devices: Devices,
        losses: DeviceLosses | None = None,
    ) -> None:
        """``losses`` hears of devices that vanish."""
        self._losses = losses or DeviceLosses()
        self._presence = presence
        self._clock = clock
        self._devices = devices
        self._unreachable: set[str] = set()
        """Accounts that are registered and yet do not answer."""
        self._looking = asyncio.Lock()

    async def run(self) -> None:
        """Until cancelled; rides out a database or switch that is away."""
        started = self._clock.now()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._repeat(self._end_wrap_ups))
            tasks.create_task(self._every(_DEVICES_EVERY, self.look_at_devices))
            tasks.create_task(self._every(_LOST_EVERY, self._release_lost))
            tasks.create_task(self._recover(started))
            tasks.create_task(self._follow_devices())

    async def look_at_devices(self) -> int:
        """Take those offline whose device is gone, bring back those whose device is there again;
        how many of both. Raises DatabaseAway."""
        changed = 0
        async with self._looking:
            unreachable = sorted(self._unreachable)
            for agent_id in await self._presence.devices_gone(_SETTLING, unreachable):
                changed += await self._presence.device_gone(agent_id)
            for agent_id in await self._presence.devices_back(unreachable):
                changed += await self._presence.device_back(agent_id)
        return changed

    async def _release_lost(self) -> int:
        return await self._presence.release_lost(_ENDED_FOR)

    async def _recover(self, started: datetime) -> None:
        """Let go, once, of what the calls held that a controller before us did not survive."""
        await self._clock.sleep(_RECOVERED_AFTER)
        while True:
            try:
                await self._presence.node_recovered(self._devices.node, started)
                return
            except DatabaseAway:
                await self._clock.sleep(_RETRY)

    async def _follow_devices(self) -> None:
        while True:
            try:
                async for change in self._devices.device_changes():
                    if change.reachable:
                        self._unreachable.discard(change.account)
                    else:
                        self._unreachable.add(change.account)
                        self._losses.lost(change.account)
                    await self.look_at_devices()
            except (SwitchDown, DatabaseAway) as error:
                _log.warning("presence.devices_unknown", error=str(error))
            await self._clock.sleep(_RETRY)

    async def _end_wrap_ups(self) -> float:
        """Seconds until the next look."""
        following = (await self._presence.end_wrap_ups()).next_end
        if following is None:
            return _WRAP_UPS_EVERY
        left = (following - self._clock.now()).total_seconds()
        return min(max(left, _WRAP_UPS_APART), _WRAP_UPS_EVERY)

    async def _every(self, seconds: float, work: Callable[[], Awaitable[int]]) -> None:
        async def once() -> float:
            await work()
            return seconds

        await self._repeat(once)

    async def _repeat(self, work: Callable[[], Awaitable[float]]) -> None:
        """``work`` returns the seconds after which it is to be done again."""
        pause = 0.0
        while True:
            try:
                pause = await work()
            except DatabaseAway as error:
                pause = min(max(pause * 2, _RETRY), _LONGEST_RETRY)
                _log.warning("presence.not_kept", error=str(error), again_in=pause)
            await self._clock.sleep(pause)
