"""Agents of the company, and calls that go straight to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from hotline.agents.facts import AgentFacts
from hotline.calls.commands import Command
from hotline.calls.context import CallContext
from hotline.calls.forwarding import preference
from hotline.calls.goals import AgentMissed, TalkOver
from hotline.calls.script import CallScript, arrived, dialled_forms
from hotline.kit.ids import call_id_of, new_id
from hotline.kit.numbers import parse_number
from hotline.telephony.fake import FakeCall
from hotline.telephony.fake.world import FakePhone
from hotline.telephony.port import CallerGone, IncomingCall, Party
from tests.calls.company import Company, Node

Story = Callable[[CallContext], Awaitable[TalkOver | AgentMissed]]


class Agent:
    """One agent with a SIP phone in the fake world."""

    def __init__(self, staff: Staff, agent_id: UUID, extension: str) -> None:
        self._staff = staff
        self.id = agent_id
        self.extension = extension
        self.account = f"acc-{extension}"

    @property
    def phone(self) -> FakePhone:
        return self._staff.node.world.account(self.account)

    async def facts(self) -> AgentFacts:
        found = await self._staff.node.parts.talks.directory.by_id(self.id)
        assert found is not None
        return found

    async def state(self) -> str:
        presence = await self._staff.node.parts.talks.presence.get(self.id)
        assert presence is not None
        return str(presence.state)

    async def says(self, call: FakeCall, verb: str, **arguments: object) -> dict[str, Any]:
        return await self._staff.command(call, verb, arguments, agent_id=self.id)


class Staff:
    """The company's agents and a controller whose calls follow ``story``."""

    def __init__(self, company: Company, node: Node) -> None:
        self.company = company
        self.node = node
        self.results: list[TalkOver | AgentMissed] = []
        self.ids: list[UUID] = []
        self.gone = 0
        """Callers who left while it rang."""

    async def agent(self, extension: str, state: str = "ready", **columns: object) -> Agent:
        agent = Agent(self, new_id(), extension)
        values = {"device": "sip", "wrap_up_seconds": 15, "ring_timeout": 20, **columns}
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        await self.company.sql(
            f"insert into agents (id, enterprise_id, extension, name, {names})"
            f" values (:id, :e, :x, :n, {marks})",
            **{"id": agent.id, "e": self.company.id, "x": extension, "n": f"座席{extension}"},
            **values,
        )
        await self.company.sql(
            "insert into sip_accounts (id, enterprise_id, account, secret, display_name, agent_id)"
            " values (:i, :e, :a, 'secret-of-it', :a, :g)",
            i=new_id(),
            e=self.company.id,
            a=agent.account,
            g=agent.id,
        )
        if values["device"] == "sip":
            agent.phone.answers()
        await self.company.sql(
            "update agent_presence set state = :s where agent_id = :a", s=state, a=agent.id
        )
        return agent

    async def command(
        self,
        call: FakeCall,
        verb: str,
        arguments: dict[str, object] | None = None,
        *,
        agent_id: UUID | None = None,
    ) -> dict[str, Any]:
        """As the desk of the node would, once it has heard of it. Raises CommandRefused."""
        call_id = self.ids[self.node.world.calls.index(call)]
        command = Command(new_id(), call_id, verb, arguments or {}, agent_id)
        return dict(await self.node.parts.talks.desk.obey(command) or {})

    async def serve(self, story: Story, call: IncomingCall) -> None:
        """One caller who is led through ``story``, as a flow would."""
        parts = self.node.parts
        caller = parse_number(call.caller)
        facts = await parts.repository.facts(dialled_forms(call.dialled))
        assert facts is not None
        call_id = call_id_of(call.id)
        self.ids.append(call_id)
        log = parts.ledger.open(call_id)
        script = CallScript(parts, call, log)
        came = arrived(call, caller, facts)
        log.append(came)
        wanted = preference(None, (), parts.random)
        await parts.repository.begin(call_id, came, facts, None, wanted)
        ctx = script.context(facts)
        try:
            async with script.overseen():
                result = await story(ctx)
        except CallerGone as gone:
            script.end(Party.CALLER, gone.cause)
            self.gone += 1
            return
        self.results.append(result)
        if isinstance(result, TalkOver):
            script.end(result.by, result.cause, result.at)
        else:
            script.end(Party.SYSTEM, 16)
        with suppress(CallerGone):
            await call.hangup()
