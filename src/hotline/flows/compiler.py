"""The plain settings of a hotline as a flow."""

from __future__ import annotations

from uuid import UUID

from hotline.calls.facts import HotlineSettings, Material
from hotline.calls.sounds import SystemSound
from hotline.flows.base import Sound
from hotline.flows.deciding import ScheduleNode
from hotline.flows.graph import Flow, Node
from hotline.flows.nodes import HangupNode, PlayNode
from hotline.flows.reaching import GroupNode

HOURS, CLOSED, GREETING, GROUP, FAILED = "hours", "closed", "greeting", "group", "failed"
NO_GROUP = UUID(int=0)
"""Where a hotline has no forwarding group: nobody is found in it."""


def compile_plain(settings: HotlineSettings) -> Flow:
    """Hours, greeting, forwarding and a last word.

    Calls that come while it is closed are refused before the flow, without taking a line: the
    hours are in it so that a flow that is made from the settings has them too.
    """
    nodes: list[Node] = []
    if settings.hours is not None and settings.schedule_id is not None:
        opening = {"open": GREETING if settings.greeting else GROUP, "closed": CLOSED}
        nodes.append(ScheduleNode(id=HOURS, schedule=settings.schedule_id, exits=opening))
        closed = settings.closed_prompt.id if settings.closed_prompt else None
        nodes.append(HangupNode(id=CLOSED, prompt=closed, notice=SystemSound.CLOSED, closed=True))
    if settings.greeting is not None:
        sounds = (Sound(prompt=settings.greeting.id),)
        nodes.append(PlayNode(id=GREETING, sounds=sounds, exits={"next": GROUP}))
    group = settings.group.id if settings.group else NO_GROUP
    nodes.append(GroupNode(id=GROUP, group=group, exits={"unanswered": FAILED}))
    failed = settings.failed_prompt.id if settings.failed_prompt else None
    nodes.append(HangupNode(id=FAILED, prompt=failed, notice=SystemSound.ALL_FAILED))
    return Flow(start=nodes[0].id, nodes=tuple(nodes))


def material_of_plain(settings: HotlineSettings) -> Material:
    """What the nodes of :func:`compile_plain` name."""
    prompts = (settings.greeting, settings.closed_prompt, settings.failed_prompt)
    schedules = {}
    if settings.hours is not None and settings.schedule_id is not None:
        schedules[settings.schedule_id] = settings.hours
    return Material(
        prompts={prompt.id: prompt for prompt in prompts if prompt is not None},
        schedules=schedules,
        groups={settings.group.id: settings.group} if settings.group else {},
    )


def flow_of(settings: HotlineSettings) -> Flow:
    """What callers of the hotline are led through."""
    return settings.flow or compile_plain(settings)
