"""A waiting caller who would rather be called back says at which number."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hotline.calls.context import CHINA_TIME, CallContext
from hotline.calls.numbers_outside import may_be_called
from hotline.calls.sounds import SystemSound
from hotline.db.direct import DatabaseAway
from hotline.flows.spoken import spoken
from hotline.kit.numbers import NumberKind, parse_number
from hotline.queues.store import QueueStore
from hotline.telephony.port import CallerGone, CollectPlan, Media, MediaMissing

LINE_FREE_AFTER: Final = timedelta(seconds=5)
"""Whoever has just been told to hang up is not called at once."""
_LONGEST_TALK: Final = timedelta(minutes=3)
"""While a number is agreed on nobody calls it; should we die meanwhile, it is called then."""
_TRIES: Final = 3
_ANOTHER_NUMBER: Final = "2"
_KEY_SECONDS: Final = 5.0
_CALLED_BACK: Final = frozenset({NumberKind.MOBILE, NumberKind.LANDLINE})


class GoneForCallback(CallerGone):
    """The caller hung up and will be called back."""


async def arrange_callback(ctx: CallContext, store: QueueStore, entry_id: UUID) -> bool:
    """Agree on a number and keep the place for it; False: there is none to call.

    Who hangs up after pressing the key is called at their own number.
    Raises CallerGone where there is none, GoneForCallback, DatabaseAway, SwitchDown.
    """
    own = ctx.caller.digits if callable_back(ctx.caller.digits) else ""
    if own and await _forbidden(ctx, own):
        own = ""
    if own and not await _keep(ctx, store, entry_id, own, _LONGEST_TALK):
        return False
    number = own
    try:
        number = await _agreed(ctx, own)
        if not number:
            await ctx.say(ctx.announcer.system(SystemSound.WRONG_INPUT))
            return False
        await _keep(ctx, store, entry_id, number, _LONGEST_TALK)
        await ctx.say(ctx.announcer.system(SystemSound.CALLBACK_NOTED))
    except CallerGone as gone:
        if not number:
            raise
        await _keep(ctx, store, entry_id, number, LINE_FREE_AFTER)
        raise GoneForCallback(gone.cause) from gone
    await _keep(ctx, store, entry_id, number, LINE_FREE_AFTER)
    return True


def callable_back(number: str) -> bool:
    """Whether ``number``, in its stored form, is a telephone that can be called back."""
    return parse_number(number).kind in _CALLED_BACK and may_be_called(number)


async def _keep(
    ctx: CallContext, store: QueueStore, entry_id: UUID, number: str, pause: timedelta
) -> bool:
    now: datetime = ctx.parts.clock.now()
    return await store.call_back(entry_id, number, now, now + pause)


async def _agreed(ctx: CallContext, own: str) -> str:
    """The number that the caller takes, by a key or by saying nothing; empty: none."""
    number = own
    for _ in range(_TRIES):
        number = number or await _typed(ctx)
        if number and await _confirmed(ctx, number):
            return number
        number = ""
    return own


async def _confirmed(ctx: CallContext, number: str) -> bool:
    now = ctx.parts.clock.now().astimezone(CHINA_TIME)
    words = [
        *ctx.announcer.system(SystemSound.CALLBACK_NUMBER),
        *ctx.announcer.pieces(spoken("digits", number, now) or ()),
        *ctx.announcer.system(SystemSound.CALLBACK_CONFIRM),
    ]
    plan = CollectPlan(prompts=words, max_digits=1, terminator="", first_digit_timeout=_KEY_SECONDS)
    return await _collect(ctx, plan) != _ANOTHER_NUMBER


async def _typed(ctx: CallContext) -> str:
    """Empty: nothing that can be called."""
    plan = CollectPlan(
        prompts=ctx.announcer.system(SystemSound.CALLBACK_ENTER),
        max_digits=20,
        first_digit_timeout=_KEY_SECONDS * 2,
    )
    number = parse_number(await _collect(ctx, plan), ctx.caller.area_code).digits
    if callable_back(number) and not await _forbidden(ctx, number):
        return number
    await ctx.say(ctx.announcer.system(SystemSound.WRONG_INPUT))
    return ""


async def _collect(ctx: CallContext, plan: CollectPlan) -> str:
    try:
        return (await ctx.call.collect(plan)).digits
    except MediaMissing:
        ctx.announcer.skipped("callback")
        silent: list[Media] = []
        plan = CollectPlan(
            prompts=silent,
            max_digits=plan.max_digits,
            terminator=plan.terminator,
            first_digit_timeout=plan.first_digit_timeout,
        )
        return (await ctx.call.collect(plan)).digits


async def _forbidden(ctx: CallContext, number: str) -> bool:
    """What cannot be looked up now is looked up before the call."""
    enterprise_id = ctx.facts.settings.enterprise_id
    try:
        return await ctx.parts.talks.reader.number_is_forbidden(enterprise_id, number)
    except DatabaseAway:
        return False
