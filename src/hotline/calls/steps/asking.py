"""Nodes that wait for the caller's keys."""

from __future__ import annotations

from collections.abc import Sequence

from hotline.calls.context import CallContext
from hotline.calls.flow_parts import CodeResult, Tried
from hotline.calls.sounds import SystemSound
from hotline.calls.steps.saying import media_of
from hotline.db.direct import DatabaseAway
from hotline.flows.base import Sound
from hotline.flows.nodes import CollectNode, MenuNode, PasswordNode
from hotline.telephony.port import Collected, CollectEnd, CollectPlan, Media, MediaMissing

TIMEOUT, WRONG = "timeout", "wrong"
_SHORTEST_CODE, _LONGEST_CODE = 4, 6
_MORE_KEYS = 2.5
"""Seconds in which a key of a menu may turn out to be the beginning of an extension."""


async def menu(ctx: CallContext, node: MenuNode) -> str:
    words = media_of(ctx, node.id, node.sounds)
    before: list[Media] = []
    exit_ = TIMEOUT
    for _ in range(node.tries):
        pressed = await _pressed(ctx, node, [*before, *words])
        if pressed in node.keys:
            return pressed
        if pressed.isdigit() and node.extension_digits:
            ctx.set("extension", pressed)
            return "extension"
        exit_ = WRONG if pressed else TIMEOUT
        before = _wrong(ctx, node.id, node.wrong_sounds) if pressed else []
    return exit_


async def _pressed(ctx: CallContext, node: MenuNode, words: list[Media]) -> str:
    """A key, or the extension that it may be the beginning of."""
    if not node.barge_in:
        await ctx.say(words)
        words = []
    plan = CollectPlan(
        prompts=words,
        max_digits=max(1, node.extension_digits),
        terminator="",
        first_digit_timeout=node.timeout,
        inter_digit_timeout=_MORE_KEYS,
    )
    return (await collect_keys(ctx, node.id, plan)).digits


async def collect(ctx: CallContext, node: CollectNode) -> str:
    words = media_of(ctx, node.id, node.sounds)
    before: list[Media] = []
    exit_ = TIMEOUT
    for _ in range(node.tries):
        plan = CollectPlan(
            prompts=[*before, *words],
            max_digits=node.max_digits,
            terminator=node.terminator,
            first_digit_timeout=node.timeout,
            inter_digit_timeout=node.digit_timeout,
        )
        collected = await collect_keys(ctx, node.id, plan)
        if len(collected.digits) >= node.min_digits:
            ctx.set(node.variable, collected.digits, secret=node.secret)
            return "next"
        silent = not collected.digits and collected.ended_by is CollectEnd.TIMEOUT
        exit_ = TIMEOUT if silent else WRONG
        before = [] if silent else _wrong(ctx, node.id, node.wrong_sounds)
    return exit_


async def password(ctx: CallContext, node: PasswordNode) -> str:
    if await _locked(ctx, node):
        return CodeResult.LOCKED.value
    words = media_of(ctx, node.id, node.sounds)
    before: list[Media] = []
    exit_ = TIMEOUT
    for _ in range(node.tries):
        plan = CollectPlan(
            prompts=[*before, *words],
            max_digits=_LONGEST_CODE,
            first_digit_timeout=node.timeout,
        )
        code = (await collect_keys(ctx, node.id, plan)).digits
        if not code:
            before = []
            continue
        tried = await _try(ctx, node, code)
        if tried.result is not CodeResult.WRONG:
            if tried.result is CodeResult.ACCEPTED and node.variable is not None:
                ctx.set(node.variable, tried.label)
            return tried.result.value
        exit_ = WRONG
        before = _wrong(ctx, node.id, node.wrong_sounds)
    return exit_


async def _locked(ctx: CallContext, node: PasswordNode) -> bool:
    flows, now = ctx.parts.flows, ctx.parts.clock.now()
    if flows is None:
        return False
    try:
        return await flows.lists.locked(node.code_list, ctx.caller.digits, now)
    except DatabaseAway:
        return False


async def _try(ctx: CallContext, node: PasswordNode, code: str) -> Tried:
    """Nobody is let in by a code that cannot be looked up."""
    flows, now = ctx.parts.flows, ctx.parts.clock.now()
    if flows is None or len(code) < _SHORTEST_CODE:
        return Tried(CodeResult.WRONG)
    try:
        return await flows.lists.try_code(node.code_list, ctx.caller.digits, code, now)
    except DatabaseAway:
        return Tried(CodeResult.WRONG)


def _wrong(ctx: CallContext, name: str, own: Sequence[Sound]) -> list[Media]:
    return media_of(ctx, name, own) or ctx.announcer.system(SystemSound.WRONG_INPUT)


async def collect_keys(ctx: CallContext, name: str, plan: CollectPlan) -> Collected:
    """Ask for keys, without the words where a sound is missing. Raises CallerGone, SwitchDown."""
    await ctx.call.answer()
    try:
        return await ctx.call.collect(plan)
    except MediaMissing:
        ctx.announcer.skipped(name)
        silent = CollectPlan(
            max_digits=plan.max_digits,
            terminator=plan.terminator,
            first_digit_timeout=plan.first_digit_timeout,
            inter_digit_timeout=plan.inter_digit_timeout,
        )
        return await ctx.call.collect(silent)
