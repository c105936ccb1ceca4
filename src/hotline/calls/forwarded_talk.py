"""A caller who talks to a phone outside while the switch has them both by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from hotline.agents.facts import AgentFacts
from hotline.calls.commands import CallOver, NotNow
from hotline.calls.consult import TAKEN_OVER
from hotline.calls.context import CallContext
from hotline.calls.events import Transferred
from hotline.calls.reached import Reached
from hotline.calls.ring import taking_over
from hotline.telephony.port import Attempt, Connected, Ended, Leg, Party


class ForwardedTalk:
    """Implements ``talk_parts.Takeable``: costs a forward nothing until a supervisor comes."""

    def __init__(self, ctx: CallContext, leg: int, connected: Connected) -> None:
        self.ctx = ctx
        self.taker: Reached | None = None
        """Who talks to the caller next; only once the caller is back in our hands."""
        self._leg = leg
        self._connected = connected
        self._wish: Reached | None = None
        self._taken: asyncio.Future[None] | None = None

    async def take_over(self, leg: Leg, attempt: Attempt, agent: AgentFacts) -> None:
        """Let the phone outside go and the caller talk to ``agent`` on ``leg``.

        Raises NotNow when another supervisor does that, CallOver when the caller has hung up,
        SwitchDown; the leg is the call's from then on.
        """
        if self._wish is not None:
            raise NotNow
        self._wish = taking_over(self.ctx, leg, attempt, agent)
        self._taken = asyncio.get_running_loop().create_future()
        await self._connected.hangup()
        await self._taken

    @contextmanager
    def attended(self) -> Iterator[None]:
        """The caller can be taken over while the block runs."""
        running, call_id = self.ctx.parts.talks.running, self.ctx.log.call_id
        running[call_id] = self
        try:
            yield
        finally:
            del running[call_id]
            if self._taken is not None and not self._taken.done():
                self._taken.set_exception(CallOver())

    def ended(self, how: Ended) -> None:
        """The two have parted: from now on the caller is the taker's, if there is one."""
        if self._wish is None or self._taken is None or self._taken.done():
            return
        if how.by is Party.CALLER:
            return
        self.taker = self._wish
        agent = self.taker.agent
        self.ctx.log.append(
            Transferred(
                at=how.at,
                leg=self._leg,
                how=TAKEN_OVER,
                to="agent",
                target=agent.extension if agent is not None else "",
            )
        )
        self._taken.set_result(None)
