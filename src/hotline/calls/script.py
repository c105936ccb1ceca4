"""The story of one call, top to bottom."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, suppress
from datetime import datetime

from hotline.calls.admission import Admit, Refuse, Rule, admit
from hotline.calls.announcements import APOLOGY, FAREWELLS, Announcer, Farewell
from hotline.calls.call_log import CallLog
from hotline.calls.context import CallContext, Claim, Over
from hotline.calls.events import Arrived, Ended, Failed, Refused
from hotline.calls.facts import Facts, ForwardingGroup
from hotline.calls.flow import Interpreter, Rest
from hotline.calls.forwarding import preference
from hotline.calls.lookahead import group_ahead
from hotline.calls.message_settings import VoicemailPlan
from hotline.calls.oversight import Oversight
from hotline.calls.parts import Parts
from hotline.calls.repository import Begun
from hotline.calls.steps.table import STAGES
from hotline.calls.voicemail import take_message
from hotline.db.direct import DatabaseAway
from hotline.flows.compiler import flow_of
from hotline.flows.graph import Node
from hotline.kit.numbers import CHINA, PhoneNumber, parse_number
from hotline.telephony.port import CallerGone, Cause, IncomingCall, Media, Party


class CallScript:
    """One caller, from the arrival to the ended event."""

    def __init__(self, parts: Parts, call: IncomingCall, log: CallLog) -> None:
        self._parts = parts
        self._call = call
        self._log = log
        self._announcer = Announcer(parts, log)
        self._group: ForwardingGroup | None = None
        """Of which a destination was claimed when the call began."""
        self._forms = dialled_forms(call.dialled, parts.areas.get(call.carrier))
        self._caller = parts.caller(call.caller, call.carrier)
        self._is_cut_off = False
        """Our side ends the caller's line from outside of the story."""

    async def run(self) -> None:
        """Serve a new call. Raises SwitchDown: the call may go on in the switch."""
        async with self.overseen():
            try:
                await self._serve()
            except CallerGone as gone:
                self.end(Party.CALLER, gone.cause)

    def overseen(self) -> AbstractAsyncContextManager[None]:
        """Supervisors may come to the call while the block runs."""
        oversight = Oversight(self._parts, self._call, self._log, self._cut_off)
        return oversight.attended()

    def _cut_off(self) -> None:
        self._is_cut_off = True

    async def go_on(
        self,
        ctx: CallContext,
        place: str,
        step: Rest | None = None,
    ) -> None:
        """Go on with a call that another controller had brought to the node ``place``.

        ``step`` is what is left to do there, if not all of it. Raises SwitchDown.
        """
        async with self.overseen():
            try:
                await self._finish(await self._interpreter(ctx).go_on(place, step))
            except CallerGone as gone:
                self.end(Party.CALLER, gone.cause)

    async def apologise(self, cause: str) -> None:
        """Something broke: tell the caller and end the call. Raises SwitchDown."""
        self._log.append(Failed(at=self._parts.clock.now(), cause=cause))
        await self.farewell(APOLOGY)

    async def _serve(self) -> None:
        caller = self._caller
        try:
            presumed = await self._presume(caller)
            facts = None if presumed else await self._parts.repository.facts(self._forms)
        except DatabaseAway:
            await self._serve_from_memory(caller)
            return
        if presumed is not None:
            facts, self._arrived, begun = presumed
            self._log.append(self._arrived)
            await self._follow(facts, begun)
            return
        decision = self._decide(facts, caller)
        if isinstance(decision, Refuse) or facts is None:
            await self._refuse(facts, decision)
            return
        try:
            begun = await self._begin(facts, self._arrived)
        except DatabaseAway:
            await self._follow(facts, Begun(opened=True, destination=None), by_memory=True)
            return
        if begun.opened:
            await self._follow(facts, begun)
        else:
            await self._refuse(facts, Refuse(Rule.CONCURRENT_LIMIT))

    async def _presume(self, caller: PhoneNumber) -> tuple[Facts, Arrived, Begun] | None:
        """Begin the call by what is remembered of its hotline, if that still holds.

        So an ordinary call takes one statement. One that seems to be refused is not refused by
        what may have changed: None, as where anything has. Raises DatabaseAway.
        """
        facts = self._parts.repository.last_facts(self._forms[:1])
        try:
            decision = admit(facts, caller, self._parts.clock.now(), self._parts.funds)
        except ValueError:  # of settings that may have been mended since
            return None
        if facts is None or isinstance(decision, Refuse):
            return None
        arrival = arrived(self._call, caller, facts)
        begun = await self._begin(facts, arrival, presumed=True)
        return (facts, arrival, begun) if begun.opened else None

    async def _serve_from_memory(self, caller: PhoneNumber) -> None:
        """The database is away: what was known last is better for the caller than an apology."""
        facts = self._parts.repository.last_facts(self._forms)
        decision = self._decide(facts, caller)
        if facts is None:
            await self.apologise("database_away")
        elif isinstance(decision, Refuse) and decision.rule is not Rule.CONCURRENT_LIMIT:
            await self._refuse(facts, decision)
        else:
            await self._follow(facts, Begun(opened=True, destination=None), by_memory=True)

    def _decide(self, facts: Facts | None, caller: PhoneNumber) -> Admit | Refuse:
        self._arrived = arrived(self._call, caller, facts)
        self._log.append(self._arrived)
        return admit(facts, caller, self._parts.clock.now(), self._parts.funds)

    async def _begin(self, facts: Facts, arrived: Arrived, *, presumed: bool = False) -> Begun:
        group = self._group = group_ahead(facts.settings, self._caller, self._parts.clock.now())
        wanted = preference(group, (), self._parts.random)
        return await self._parts.repository.begin(
            self._log.call_id, arrived, facts, group, wanted, presumed=presumed
        )

    async def _refuse(self, facts: Facts | None, decision: Admit | Refuse) -> None:
        refusal = decision if isinstance(decision, Refuse) else Refuse(Rule.NUMBER_UNKNOWN)
        now = self._parts.clock.now()
        self._log.append(Refused(at=now, rule=refusal.rule.value, detail=refusal.detail))
        if facts is not None and refusal.rule is Rule.BLACKLIST_VOICEMAIL:
            box = await self._blacklist_box(facts)
            if box is not None:
                await take_message(self.context(facts), box)
                await self._finish(Over(Party.SYSTEM, int(Cause.NORMAL)))
                return
        own: list[Media] = []
        if facts is not None and refusal.rule is Rule.CLOSED:
            own = self._announcer.prompt("closed", facts.settings.closed_prompt)
        await self.farewell(FAREWELLS[refusal.rule], own)

    async def _blacklist_box(self, facts: Facts) -> VoicemailPlan | None:
        """Where a screened caller may leave a message; None: there is only the notice."""
        settings = facts.settings
        if settings.blacklist_box is None:
            return None
        messages = self._parts.repository.messages
        return await messages.box(settings.enterprise_id, settings.blacklist_box)

    def context(self, facts: Facts) -> CallContext:
        """What the steps of this call work with."""
        announcer = Announcer(self._parts, self._log)
        return CallContext(self._parts, self._call, self._log, facts, self._caller, announcer)

    def node_at(self, ctx: CallContext, place: str) -> Node | None:
        """The node of the call's flow at ``place``; None: the flow has changed since."""
        return self._interpreter(ctx).node_at(place)

    def _interpreter(self, ctx: CallContext) -> Interpreter:
        return Interpreter(STAGES, ctx, flow_of(ctx.facts.settings))

    async def _follow(self, facts: Facts, begun: Begun, *, by_memory: bool = False) -> None:
        """Lead the caller through the hotline's flow."""
        ctx = self.context(facts)
        ctx.by_memory = by_memory
        if self._group is not None and not by_memory:
            ctx.claim = Claim(self._group.id, begun.destination)
        await self._finish(await self._interpreter(ctx).run())

    async def _finish(self, over: Over) -> None:
        self.end(over.by, over.cause, over.at)
        with suppress(CallerGone):
            await self._call.hangup()

    async def farewell(self, farewell: Farewell, own: list[Media] | None = None) -> None:
        """Say it and hang up. Raises SwitchDown; a caller who leaves during it is noted."""
        try:
            await self._announcer.say(self._call, farewell, own)
            await self._call.hangup(farewell.cause)
        except CallerGone as gone:
            self.end(Party.CALLER, gone.cause)
        else:
            self.end(Party.SYSTEM, int(farewell.cause))

    def end(self, by: Party, cause: int, at: datetime | None = None) -> None:
        """Append the last event; a call that has ended already stays as it is."""
        now = self._parts.clock.now()
        if self._is_cut_off and by is Party.CALLER:
            by = Party.SYSTEM
        self._log.append(
            Ended(at=at or now, by=by, cause=cause, answered_at=self._call.answered_at)
        )


def arrived(call: IncomingCall, caller: PhoneNumber, facts: Facts | None) -> Arrived:
    """The arrival of ``call``."""
    return arrival(
        facts,
        caller,
        at=call.arrived_at,
        channel_id=call.id,
        node=call.node,
        trunk=call.carrier,
        dialled=call.dialled,
        raw=call.caller,
    )


def arrival(
    facts: Facts | None,
    caller: PhoneNumber,
    *,
    at: datetime,
    channel_id: str,
    node: str,
    trunk: str,
    dialled: str,
    raw: str,
) -> Arrived:
    """An arrival from what the switch says and what is known of the hotline."""
    settings = facts.settings if facts else None
    abroad = caller.country if caller.country != CHINA else None
    return Arrived(
        at=at,
        channel_id=channel_id,
        node=node,
        trunk=trunk,
        dialled=settings.number if settings else printable(dialled),
        caller=caller.digits,
        caller_raw=printable(raw),
        province=caller.province or abroad or "",
        city=caller.city or "",
        caller_carrier=caller.carrier or "",
        enterprise_id=settings.enterprise_id if settings else None,
        hotline_id=settings.hotline_id if settings else None,
    )


def dialled_forms(raw: str, home_area: str | None = None) -> list[str]:
    """The forms in which a dialled number may be registered, likeliest first.

    ``home_area``: the area code of local numbers that come without one.
    """
    return list(dict.fromkeys((parse_number(raw, home_area).digits, printable(raw))))


def printable(raw: str) -> str:
    """What a carrier sent, fit to be stored."""
    return "".join(character for character in raw if character.isprintable())[:64]
