"""A colleague who does not take a call may be left a message."""

from __future__ import annotations

from hotline.agents.facts import AgentFacts
from hotline.calls.context import CallContext
from hotline.calls.extensions import QueueExtension
from hotline.calls.voicemail import take_message


async def leave_word(ctx: CallContext, inside: AgentFacts | QueueExtension | None) -> bool:
    """Take a message for the agent ``inside``; False: they have no box.

    Raises CallerGone, SwitchDown.
    """
    if not isinstance(inside, AgentFacts):
        return False
    plan = await ctx.parts.repository.messages.box_of(inside.enterprise_id, inside.id)
    if plan is None:
        return False
    await take_message(ctx, plan)
    return True
