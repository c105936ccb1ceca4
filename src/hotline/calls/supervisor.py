"""Owns the calls of one switch node: starts their scripts, survives their errors, cleans up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

import structlog

from hotline.calls.call_log import CallLog
from hotline.calls.calling_back import Callbacks
from hotline.calls.commands import CommandDesk
from hotline.calls.parts import Parts
from hotline.calls.placed_recovery import call_of, resume_placed
from hotline.calls.placing import Placer
from hotline.calls.recovery import Recovery
from hotline.calls.script import CallScript
from hotline.db.direct import DatabaseAway
from hotline.kit.ids import call_id_of
from hotline.telephony.port import IncomingCall, Room, Survivor, Switch, SwitchDown, TelephonyError

log = structlog.get_logger(__name__)

T = TypeVar("T")

_TRUNKS_EVERY = 10.0
_NEW_TRUNKS_EVERY = 0.5
_NEW_FOR = 10.0
"""Seconds for which carriers that have changed are looked at more often: somebody waits to see them
answer."""
_JOURNAL_EVERY = 30.0
_JOURNAL_FIRST = 10.0
"""A call that still heard the switch's own notice when we came is over by then."""
_RETRY_EVERY = 1.0
_SCRIPT_GRACE = 30.0
"""Seconds that a script may take to notice that its call is over before the journal is believed."""
_LAST_WORD = 3.0
"""Seconds that a script may take to end with its connection before the call is taken up anew."""


class Supervisor:
    """``await run()`` serves calls until cancelled; the next run takes up what is open then."""

    def __init__(
        self,
        switch: Switch,
        parts: Parts,
        *,
        stop_grace: float = 5.0,
        carriers_changed: asyncio.Event | None = None,
    ) -> None:
        """``stop_grace``: real seconds for writing the last events at the end.
        ``carriers_changed`` is set when the switch has got other carriers."""
        self._switch = switch
        self._parts = parts
        self._recovery = Recovery(parts)
        self._placer = Placer(parts)
        self._callbacks: Callbacks | None = None
        self._left_behind: set[UUID] = set()
        """Calls that the last connection found without a script, and that have one again."""
        parts.talks.desk.anywhere["place"] = self._placer.place
        self._stop_grace = stop_grace
        self._carriers_changed = carriers_changed or asyncio.Event()
        self._alive: dict[UUID, asyncio.Event] = {}
        self._background: asyncio.TaskGroup | None = None
        self._journal_lock = asyncio.Lock()
        self._switch_seen_at: datetime | None = None
        self._reconciled = False

    @property
    def commands(self) -> CommandDesk:
        """Where the calls of this node take commands."""
        return self._parts.talks.desk

    @property
    def calls_in_progress(self) -> int:
        called_back = self._callbacks.calls_in_progress if self._callbacks is not None else 0
        return len(self._alive) + self._placer.calls_in_progress + called_back

    def _places(self, call_id: UUID) -> bool:
        """Whether that is a call which this process has placed and still holds."""
        back = self._callbacks
        return self._placer.has(call_id) or (back is not None and back.has(call_id))

    def _is_in_hand(self, call_id: UUID) -> bool:
        """Whether somebody here goes on with that call, or is about to."""
        going_on = call_id in self._left_behind or call_id in self._alive
        return going_on or self._places(call_id)

    async def run(self) -> None:
        """Serve until cancelled."""
        floor = self._parts.floor
        if floor is not None:
            self._callbacks = Callbacks(self._parts, floor)
            floor.call_back = self._callbacks.serve
        try:
            async with asyncio.TaskGroup() as group:
                self._background = group
                group.create_task(self._parts.ledger.run(), name="ledger")
                group.create_task(self._parts.talks.desk.run(), name="commands")
                group.create_task(self._watch_trunks(), name="trunks")
                group.create_task(self._watch_journal(), name="journal")
                # Not a task of the group: at the end it must have let go of the calls before those
                # that were taken over are cancelled, or their cancelling would hang them up.
                await self._switch.run(self._on_call, self._on_connected, self._placer.dialled)
        finally:
            self._background = None
            if floor is not None:
                floor.call_back = None
            await self._placer.stop()
            if self._callbacks is not None:
                await self._callbacks.stop()
            # The task may be cancelled again while it writes; the last events are worth it.
            await asyncio.shield(self._parts.ledger.stop(self._stop_grace))

    async def drained(self, within: float) -> bool:
        """Wait until no call is in progress, for at most ``within`` seconds; whether that came."""
        deadline = self._parts.clock.monotonic() + within
        while self.calls_in_progress and self._parts.clock.monotonic() < deadline:
            await self._parts.clock.sleep(0.2)
        return not self.calls_in_progress

    # ------------------------------------------------------------ new calls

    async def _on_call(self, call: IncomingCall) -> None:
        call_id = call_id_of(call.id)
        if self._parts.ledger.full:
            # Its record will come from the switch's journal.
            script = CallScript(self._parts, call, CallLog(call_id, lambda _: None))
            log.error("call_turned_away", call=str(call_id), pending=self._parts.ledger.pending)
            await self._held(call, script, script.apologise("overloaded"))
            return
        script = CallScript(self._parts, call, self._parts.ledger.open(call_id))
        await self._held(call, script, script.run())

    async def _held(self, call: IncomingCall, script: CallScript, story: Awaitable[None]) -> None:
        """Tell ``story``; whatever goes wrong in it stays with this one call."""
        call_id = call_id_of(call.id)
        over = self._alive[call_id] = asyncio.Event()
        try:
            await story
        except SwitchDown:
            log.warning("call_left_to_switch", call=str(call_id))
        except Exception:
            log.exception("call_failed", call=str(call_id))
            await self._apologise(script)
        finally:
            over.set()
            del self._alive[call_id]

    @staticmethod
    async def _apologise(script: CallScript) -> None:
        try:
            await script.apologise("internal_error")
        except TelephonyError as error:
            log.warning("apology_failed", error=str(error))

    # ------------------------------------------------------------ what was left behind

    async def _on_connected(self, survivors: Sequence[Survivor]) -> None:
        # New calls must not wait for a database that is away.
        if self._background is not None:
            self._left_behind = {call_id_of(survivor.call.id) for survivor in survivors}
            if survivors:
                places = self._background.create_task(self._keep_places(survivors))
                # Whoever has waited longest is needed first.
                for survivor in sorted(survivors, key=lambda one: one.call.arrived_at):
                    self._background.create_task(self._resume(survivor, places))
            await self._take_up_rooms()
            self._background.create_task(self._reconcile(self._switch_seen_at))

    async def _take_up_rooms(self) -> None:
        """Talks of calls that nobody called in: go on with them."""
        try:
            rooms = await self._switch.rooms()
        except SwitchDown:
            return
        for room in rooms:
            call_id = call_of(room)
            if call_id is None or self._is_in_hand(call_id):
                continue
            self._left_behind.add(call_id)
            if self._background is not None:
                self._background.create_task(self._resume_room(call_id, room))

    async def _resume_room(self, call_id: UUID, room: Room) -> None:
        over = self._alive[call_id] = asyncio.Event()
        goes_on = True
        try:
            goes_on = await self._when_possible(partial(resume_placed, self._parts, call_id, room))
        except SwitchDown:
            log.warning("call_left_to_switch", call=str(call_id))
        except Exception:
            log.exception("call_failed", call=str(call_id))
        finally:
            over.set()
            self._alive.pop(call_id, None)
        if not goes_on:
            self._left_behind.discard(call_id)
            await self._reconcile(self._switch_seen_at)

    async def _keep_places(self, survivors: Sequence[Survivor]) -> None:
        """Nobody who is resumed overtakes somebody who is resumed a moment later."""
        calls = [call_id_of(survivor.call.id) for survivor in survivors]
        # The scripts that went with the connection have the last word first.
        await asyncio.gather(*(self._script_over(call_id, _LAST_WORD) for call_id in calls))
        keep = partial(self._recovery.keep_places, survivors, self._switch.node)
        try:
            await self._when_possible(keep)
        except Exception:
            log.exception("places_not_kept")

    async def _resume(self, survivor: Survivor, places: asyncio.Task[None]) -> None:
        await asyncio.wait({places})
        call_id = call_id_of(survivor.call.id)
        log.info("call_resumed", call=str(call_id), phase=survivor.phase.value)
        script = CallScript(self._parts, survivor.call, self._parts.ledger.open(call_id))
        resume = self._when_possible(partial(self._recovery.resume, survivor))
        await self._held(survivor.call, script, resume)

    async def _when_possible(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do it, again and again while the database is away."""
        while True:
            try:
                return await work()
            except DatabaseAway:
                await self._parts.clock.sleep(_RETRY_EVERY)

    async def _reconcile(self, seen_at: datetime | None) -> None:
        """Complete the calls of this node that ended while nobody looked.

        ``seen_at`` is when the switch was last seen at work, if this process saw it.
        """
        before = self._parts.clock.now()
        while True:
            try:
                await self._read_journal()
                await self._parts.ledger.written()
                repository, node = self._parts.repository, self._switch.node
                seen_at = seen_at or await repository.last_seen(node)
                for call_id in await repository.open_calls(node, before):
                    if not self._is_in_hand(call_id):
                        await self._recovery.bury(call_id, seen_at)
                await self._parts.ledger.written()
                await repository.release_strays(node, before)
                await self._parts.talks.presence.node_recovered(node, before)
                await self._parts.talks.supervisions.end_lost(before)
                if self._parts.floor is not None:
                    await self._parts.floor.store.end_lost(node, before)
                await self._parts.ledger.read_back()
            except (DatabaseAway, SwitchDown) as error:
                log.warning("reconciliation_waits", error=str(error))
                await self._parts.clock.sleep(_RETRY_EVERY)
            except Exception:
                log.exception("reconciliation_failed")
                return
            else:
                self._reconciled = True
                return

    async def _read_journal(self) -> None:
        """Raises DatabaseAway; what was not completed then is read again the next time."""
        async with self._journal_lock:
            async for entries in self._switch.journal():
                for entry in entries:
                    await self._script_over(call_id_of(entry.channel_id), _SCRIPT_GRACE)
                await self._parts.ledger.written()
                await self._recovery.complete(entries)
                await self._parts.ledger.written()

    async def _script_over(self, call_id: UUID, within: float) -> None:
        over = self._alive.get(call_id)
        if over is None:
            return
        waiting = asyncio.ensure_future(over.wait())
        limit = asyncio.ensure_future(self._parts.clock.sleep(within))
        try:
            await asyncio.wait({waiting, limit}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            limit.cancel()

    # ------------------------------------------------------------ from time to time

    async def _watch_journal(self) -> None:
        pause = _JOURNAL_FIRST
        while True:
            await self._parts.clock.sleep(pause)
            pause = _JOURNAL_EVERY
            try:
                await self._read_journal()
            except (DatabaseAway, SwitchDown) as error:
                log.warning("journal_waits", error=str(error))
            except Exception:
                log.exception("journal_failed")

    async def _watch_trunks(self) -> None:
        clock = self._parts.clock
        new_until = float("-inf")
        while True:
            try:
                await self._look_at_trunks()
            except SwitchDown:
                pass
            except Exception:
                log.exception("trunks_failed")
            are_new = clock.monotonic() < new_until
            if await self._change_within(_NEW_TRUNKS_EVERY if are_new else _TRUNKS_EVERY):
                new_until = clock.monotonic() + _NEW_FOR

    async def _change_within(self, seconds: float) -> bool:
        """Wait, but no longer than until the carriers have changed; whether they have."""
        pause = asyncio.ensure_future(self._parts.clock.sleep(seconds))
        change = asyncio.ensure_future(self._carriers_changed.wait())
        try:
            await asyncio.wait({pause, change}, return_when=asyncio.FIRST_COMPLETED)
            return self._carriers_changed.is_set()
        finally:
            pause.cancel()
            change.cancel()
            self._carriers_changed.clear()

    async def _look_at_trunks(self) -> None:
        try:
            self._parts.areas = await self._parts.repository.home_areas()
        except DatabaseAway as error:
            log.warning("areas_not_read", error=error.detail)
        self._parts.reachable = seen = await self._switch.trunks()
        now = self._parts.clock.now()
        if any(seen.values()):
            self._switch_seen_at = now
        if not self._reconciled:  # what was noted before is needed until then
            return
        try:
            await self._parts.repository.note_trunks(self._switch.node, seen, now)
        except DatabaseAway as error:
            log.warning("trunks_not_noted", error=error.detail)
