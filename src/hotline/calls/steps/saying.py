"""Nodes that speak to the caller."""

from __future__ import annotations

from collections.abc import Sequence

from hotline.calls.admission import Rule
from hotline.calls.announcements import Farewell
from hotline.calls.context import CHINA_TIME, CallContext, Over
from hotline.calls.events import Refused
from hotline.calls.flow import END
from hotline.flows.base import Sound
from hotline.flows.nodes import AnnounceNode, HangupNode, PlayNode
from hotline.flows.rules import fill
from hotline.flows.spoken import spoken
from hotline.telephony.port import Media, Party

ANY_KEY = "0123456789*#"


def media_of(ctx: CallContext, name: str, sounds: Sequence[Sound]) -> list[Media]:
    """The sounds of node ``name``; those that are not ready are noted and left out."""
    media: list[Media] = []
    for sound in sounds:
        if sound.notice is not None:
            media += ctx.announcer.system(sound.notice)
        elif sound.prompt is not None:
            wanted = ctx.facts.settings.material.prompts.get(sound.prompt)
            media += ctx.announcer.prompt(name, wanted)
    return media


async def play(ctx: CallContext, node: PlayNode) -> str:
    media = media_of(ctx, node.id, node.sounds)
    if node.keys_skip:
        await ctx.say_pending()
        await ctx.say(media, keys=ANY_KEY)
    else:
        ctx.pending += media
    return "next"


async def announce(ctx: CallContext, node: AnnounceNode) -> str:
    now = ctx.parts.clock.now().astimezone(CHINA_TIME)
    words = spoken(node.say, fill(node.value, ctx.values()), now)
    if words is None:
        return "unreadable" if "unreadable" in node.exits else "next"
    ctx.pending += ctx.announcer.pieces(words)
    return "next"


async def hangup(ctx: CallContext, node: HangupNode) -> str:
    if node.closed:
        ctx.log.append(Refused(at=ctx.parts.clock.now(), rule=Rule.CLOSED.value))
    prompt = ctx.facts.settings.material.prompts.get(node.prompt) if node.prompt else None
    own = ctx.announcer.prompt(node.id, prompt)
    await ctx.announcer.say(ctx.call, Farewell(node.notice, node.cause, node.answer), own)
    await ctx.call.hangup(node.cause)
    ctx.over = Over(Party.SYSTEM, int(node.cause))
    return END
