"""Nodes that put the caller through to agents."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from hotline.calls.context import CallContext
from hotline.calls.extensions import QueueExtension, who_has
from hotline.calls.flow import END
from hotline.calls.onward import not_served, wants_a_message
from hotline.calls.queue_ring import ring_for_queue
from hotline.calls.steps.by_name import extension_by_name
from hotline.calls.steps.reaching import ANSWERED, UNANSWERED, talked
from hotline.calls.talk import ring_agent
from hotline.calls.waiting import PLAIN, Wish, wait_in_queue
from hotline.db.direct import DatabaseAway
from hotline.flows.reaching import AS_TIMEOUT, ExtensionNode, QueueNode
from hotline.queues.settings import Exit

UNKNOWN = "unknown"
_OF_BOTH: Final = frozenset({END, ANSWERED, Exit.CALLBACK.value})
"""How a wait can end that an extension's node has an exit for."""


async def extension(ctx: CallContext, node: ExtensionNode) -> str:
    if node.by == "name":
        await ctx.say_pending()
    try:
        wanted = await _wanted(ctx, node)
        found = await who_has(ctx.parts.talks, ctx.facts.settings.enterprise_id, wanted)
    except DatabaseAway:
        return UNANSWERED
    if found is None:
        return UNKNOWN
    if isinstance(found, QueueExtension):
        by = await _waited(ctx, node, found.queue_id, PLAIN)
        return by if by in _OF_BOTH else UNANSWERED
    ctx.notice_recording()
    await ctx.say_pending()
    return await talked(ctx, await ring_agent(ctx, found))


async def _wanted(ctx: CallContext, node: ExtensionNode) -> str:
    """The extension; empty: none. Raises CallerGone, SwitchDown, DatabaseAway."""
    if node.by == "number":
        return node.extension or ctx.variables.get(node.variable, "")
    found = await extension_by_name(ctx, node)
    if found is not None:
        ctx.set(node.variable, found)
    return found or ""


async def queue(ctx: CallContext, node: QueueNode) -> str:
    by = await _waited(ctx, node, node.queue, Wish(priority=node.priority))
    return by if by in node.exits or by not in AS_TIMEOUT else Exit.TIMEOUT.value


async def _waited(
    ctx: CallContext, node: QueueNode | ExtensionNode, queue_id: UUID, wish: Wish
) -> str:
    """The exit of a queue node after the wait there, and the talk."""
    ctx.notice_recording()
    await ctx.say_pending()
    over = await wait_in_queue(ctx, queue_id, ring_for_queue, wish)
    if over.talk is None and wants_a_message(over) and Exit.VOICEMAIL.value in node.exits:
        return Exit.VOICEMAIL.value  # the flow has a box for it
    result = over.talk or await not_served(ctx, over)
    if result is None:
        return over.exit.value
    # Who was sent on to somebody that did not answer has waited long enough.
    by = await talked(ctx, result)
    return Exit.TIMEOUT.value if by == UNANSWERED else by
