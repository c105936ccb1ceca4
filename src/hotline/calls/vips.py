"""Callers whom a queue counts among its VIPs."""

from __future__ import annotations

from typing import Final

from hotline.calls.context import CallContext
from hotline.db.direct import DatabaseAway
from hotline.queues.settings import QueueSettings

VIP: Final = "vip"
"""The variable that says so, to flows and to the agents whom the call is offered to."""
_NO: Final = ("", "0", "false")


def is_vip(ctx: CallContext) -> bool:
    return ctx.variables.get(VIP, "") not in _NO


async def note_vip(ctx: CallContext, queue: QueueSettings) -> bool:
    """Whether the caller is on the queue's own list; the call knows from then on.

    Without the database nobody is.
    """
    flows = ctx.parts.flows
    if queue.vip_list_id is None or flows is None or not ctx.caller.digits:
        return False
    now = ctx.parts.clock.now()
    try:
        entry = await flows.lists.listed(queue.vip_list_id, ctx.caller.digits, now)
    except DatabaseAway:
        return False
    if entry is not None:
        ctx.set(VIP, "1")
    return entry is not None
