"""Asking a caller for an agent by name, on the keys of the telephone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from hotline.agents.names import Named, asked_for
from hotline.calls.context import CallContext
from hotline.calls.sounds import SystemSound
from hotline.calls.steps.asking import collect_keys
from hotline.calls.steps.saying import media_of
from hotline.flows.reaching import ExtensionNode
from hotline.flows.spoken import spoken
from hotline.telephony.port import CollectPlan, Media, Prompt

MOST_CHOICES: Final = 5
"""More names are not listened to; the caller is asked for more letters."""
CHOICES: Final = tuple(f"请按{key}。" for key in range(1, MOST_CHOICES + 1))
"""Said after a name."""
_LONGEST: Final = 32
_KEY_SECONDS: Final = 5.0


async def extension_by_name(ctx: CallContext, node: ExtensionNode) -> str | None:
    """The extension of whom the caller asks for; None: nobody in all the tries.

    Raises CallerGone, SwitchDown, DatabaseAway.
    """
    enterprise_id = ctx.facts.settings.enterprise_id
    return await whom_by_name(ctx, node, await ctx.parts.talks.directory.names(enterprise_id))


async def whom_by_name(
    ctx: CallContext, node: ExtensionNode, people: Sequence[Named]
) -> str | None:
    """As :func:`extension_by_name`, among ``people``. Raises CallerGone, SwitchDown."""
    words = media_of(ctx, node.id, node.sounds) or ctx.announcer.system(SystemSound.NAME_ENTER)
    before: list[Media] = []
    for _ in range(node.tries):
        plan = CollectPlan(
            prompts=[*before, *words], max_digits=_LONGEST, first_digit_timeout=node.timeout
        )
        keys = (await collect_keys(ctx, node.id, plan)).digits
        found = await asyncio.to_thread(asked_for, keys, people)
        if len(found) == 1:
            ctx.pending += _name(ctx, found[0])
            return found[0].extension
        if found and len(found) <= MOST_CHOICES:
            chosen = await _choice(ctx, node, found)
            if chosen is not None:
                return chosen.extension
            before = []
        else:
            before = _in_vain(ctx, node, keys, found)
    return None


def _in_vain(ctx: CallContext, node: ExtensionNode, keys: str, found: list[Named]) -> list[Media]:
    if not keys:
        return []
    if found:
        return ctx.announcer.system(SystemSound.NAME_MANY)
    own = media_of(ctx, node.id, node.wrong_sounds)
    return own or ctx.announcer.system(SystemSound.NAME_UNKNOWN)


async def _choice(ctx: CallContext, node: ExtensionNode, found: Sequence[Named]) -> Named | None:
    """The caller listens to the names and presses a key; None: another key, or silence."""
    words: list[Media] = []
    for one, press in zip(found, CHOICES, strict=False):
        words += [*_name(ctx, one), *ctx.announcer.pieces([press])]
    plan = CollectPlan(prompts=words, max_digits=1, terminator="", first_digit_timeout=_KEY_SECONDS)
    key = (await collect_keys(ctx, node.id, plan)).digits
    place = int(key) if key.isdigit() else 0
    return found[place - 1] if 1 <= place <= len(found) else None


def _name(ctx: CallContext, one: Named) -> list[Media]:
    """The name; the extension as long as that is not spoken yet."""
    path = ctx.parts.system_sounds.phrase(one.name)
    if path is not None:
        return [Prompt(path)]
    return ctx.announcer.pieces(spoken("digits", one.extension, ctx.parts.clock.now()) or ())
