"""Nodes that decide at once, without a word to the caller, and those that work with variables."""

from __future__ import annotations

import orjson

from hotline.calls.context import CallContext
from hotline.calls.flow_parts import Listed, Question
from hotline.calls.ring import unless_caller_leaves
from hotline.calls.vips import VIP
from hotline.db.direct import DatabaseAway
from hotline.flows.deciding import (
    SERVED,
    CallerListNode,
    ConditionNode,
    HttpNode,
    RegionNode,
    ScheduleNode,
    SetNode,
    SplitNode,
)
from hotline.flows.graph import Node
from hotline.flows.reaching import ExtensionNode, QueueNode
from hotline.flows.rules import (
    OTHERWISE,
    at_path,
    condition_exit,
    fill,
    fill_all,
    region_exit,
    schedule_exit,
    split_exit,
)

LISTED, NEXT, FAILED = "listed", "next", "failed"


async def schedule(ctx: CallContext, node: ScheduleNode) -> str:
    schedules = ctx.facts.settings.material.schedules
    kept = schedules.get(node.schedule) if node.schedule else None
    return schedule_exit(node, kept, ctx.parts.clock.now())


async def region(ctx: CallContext, node: RegionNode) -> str:
    return region_exit(node.rules, ctx.caller)


async def split(ctx: CallContext, node: SplitNode) -> str:
    return split_exit(node.shares, ctx.parts.random.random())


async def condition(ctx: CallContext, node: ConditionNode) -> str:
    return condition_exit(node, ctx.values())


async def set_variables(ctx: CallContext, node: SetNode) -> str:
    for name, template in node.values.items():
        ctx.set(name, fill(template, ctx.values()))
    return NEXT


async def caller_list(ctx: CallContext, node: CallerListNode) -> str:
    flows, now = ctx.parts.flows, ctx.parts.clock.now()
    if flows is None or not ctx.caller.digits:
        return OTHERWISE
    try:
        entry = await flows.lists.listed(node.caller_list, ctx.caller.digits, now)
    except DatabaseAway:
        return OTHERWISE
    if entry is None:
        return OTHERWISE
    if node.vip:
        ctx.set(VIP, "1")
    ctx.detour = _own_way(node, entry)
    return LISTED


def _own_way(node: CallerListNode, entry: Listed) -> Node | None:
    """Where the entry leads by itself, if anywhere.

    It bears the list's id: who finds the call there after a restart asks the list again.
    """
    served = {name: node.exits[name] for name in SERVED if name in node.exits}
    back = node.exits.get(LISTED, "")
    if entry.extension:
        return ExtensionNode(
            id=node.id,
            title=node.title,
            extension=entry.extension,
            exits={"unanswered": back, "unknown": back, **served},
        )
    if entry.queue_id is None:
        return None
    unserved = QueueNode(id=node.id, queue=entry.queue_id).exit_names().all - SERVED
    return QueueNode(
        id=node.id,
        title=node.title,
        queue=entry.queue_id,
        priority=1,
        exits={**dict.fromkeys(unserved, back), **served},
    )


async def http(ctx: CallContext, node: HttpNode) -> str:
    values = ctx.values()
    if ctx.parts.flows is None:
        return FAILED
    body = None if node.body is None else orjson.dumps(fill_all(node.body, values))
    headers = {name: fill(text, values) for name, text in node.headers.items()}
    if body is not None:
        headers.setdefault("Content-Type", "application/json")
    url = fill(node.url, values, for_address=True)
    question = Question(node.method, url, headers, body, node.timeout)
    answer = await unless_caller_leaves(ctx, ctx.parts.flows.web.ask(question))
    if answer is None:
        return FAILED
    try:
        document = orjson.loads(answer) if node.keep else None
    except orjson.JSONDecodeError:
        return FAILED
    for name, path in node.keep.items():
        ctx.set(name, at_path(document, path) or "")
    return NEXT
