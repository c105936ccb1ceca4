"""Nodes in which the caller says something that is kept."""

from __future__ import annotations

from typing import Final

from hotline.calls.context import CallContext
from hotline.calls.survey import ask_survey
from hotline.calls.voicemail import take_message
from hotline.flows.reaching import SurveyNode, VoicemailNode

UNAVAILABLE: Final = "unavailable"
"""The box or survey is gone, or cannot be known now."""


async def voicemail(ctx: CallContext, node: VoicemailNode) -> str:
    settings = ctx.facts.settings
    plan = await ctx.parts.repository.messages.box(settings.enterprise_id, node.box)
    return UNAVAILABLE if plan is None else await take_message(ctx, plan)


async def survey(ctx: CallContext, node: SurveyNode) -> str:
    settings = ctx.facts.settings
    plan = await ctx.parts.repository.messages.survey(settings.enterprise_id, node.survey)
    return UNAVAILABLE if plan is None else await ask_survey(ctx, plan)
