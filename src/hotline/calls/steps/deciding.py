"""Nodes that decide at once, without a word to the caller."""

from __future__ import annotations

from hotline.calls.context import CallContext
from hotline.flows.nodes import RegionNode, ScheduleNode
from hotline.flows.rules import region_exit, schedule_exit


async def schedule(ctx: CallContext, node: ScheduleNode) -> str:
    hours = ctx.facts.settings.material.schedules.get(node.schedule)
    return schedule_exit(hours, ctx.parts.clock.now())


async def region(ctx: CallContext, node: RegionNode) -> str:
    return region_exit(node.rules, ctx.caller)
