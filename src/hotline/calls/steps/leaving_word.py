"""Nodes in which the caller says something that is kept."""

from __future__ import annotations

from typing import Final

from hotline.calls.context import CallContext
from hotline.calls.extensions import QueueExtension, who_has
from hotline.calls.message_settings import VoicemailPlan
from hotline.calls.survey import ask_survey
from hotline.calls.voicemail import take_message
from hotline.db.direct import DatabaseAway
from hotline.flows.reaching import SurveyNode, VoicemailNode

UNAVAILABLE: Final = "unavailable"
"""The box or survey is gone, or cannot be known now."""


async def voicemail(ctx: CallContext, node: VoicemailNode) -> str:
    plan = await _wanted_box(ctx, node) or await _given_box(ctx, node)
    return UNAVAILABLE if plan is None else await take_message(ctx, plan)


async def _wanted_box(ctx: CallContext, node: VoicemailNode) -> VoicemailPlan | None:
    """Of the agent or queue whose extension is in the node's variable; None: they have none."""
    extension = ctx.variables.get(node.variable or "", "")
    if not extension:
        return None
    enterprise_id = ctx.facts.settings.enterprise_id
    try:
        found = await who_has(ctx.parts.talks, enterprise_id, extension)
    except DatabaseAway:
        return None
    if found is None:
        return None
    owner = found.queue_id if isinstance(found, QueueExtension) else found.id
    return await ctx.parts.repository.messages.box_of(enterprise_id, owner)


async def _given_box(ctx: CallContext, node: VoicemailNode) -> VoicemailPlan | None:
    if node.box is None:
        return None
    return await ctx.parts.repository.messages.box(ctx.facts.settings.enterprise_id, node.box)


async def survey(ctx: CallContext, node: SurveyNode) -> str:
    settings = ctx.facts.settings
    plan = await ctx.parts.repository.messages.survey(settings.enterprise_id, node.survey)
    return UNAVAILABLE if plan is None else await ask_survey(ctx, plan)
