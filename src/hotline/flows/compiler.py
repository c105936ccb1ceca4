"""The plain settings of a hotline as a flow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from hotline.calls.facts import HotlineSettings, Material
from hotline.calls.sounds import SystemSound
from hotline.flows.base import Sound
from hotline.flows.deciding import RegionNode, RegionRule, ScheduleNode
from hotline.flows.graph import Flow, Node
from hotline.flows.nodes import HangupNode, PlayNode
from hotline.flows.reaching import GroupNode, SurveyNode

HOURS, CLOSED, GREETING, REGION, GROUP, FAILED = (
    "hours",
    "closed",
    "greeting",
    "region",
    "group",
    "failed",
)
SURVEY: Final = "survey"
NO_GROUP: Final = UUID(int=0)
"""Where a hotline has no forwarding group: nobody is found in it."""


def compile_plain(settings: HotlineSettings) -> Flow:
    """Hours, greeting, the group for the caller's region, and a last word or questions.

    Calls that come while it is closed are refused before the flow, without taking a line: the
    hours are in it so that a flow that is made from the settings has them too.
    """
    forward = REGION if settings.regions else GROUP
    nodes = [
        *_hours(settings, GREETING if settings.greeting else forward),
        *_greeting(settings, forward),
        *_regions(settings),
        _group(settings, GROUP, settings.group.id if settings.group else NO_GROUP),
    ]
    if settings.survey_id is not None:
        nodes.append(SurveyNode(id=SURVEY, survey=settings.survey_id))
    failed = settings.failed_prompt.id if settings.failed_prompt else None
    nodes.append(HangupNode(id=FAILED, prompt=failed, notice=SystemSound.ALL_FAILED))
    return Flow(start=nodes[0].id, nodes=tuple(nodes))


def _hours(settings: HotlineSettings, following: str) -> Iterator[Node]:
    if settings.hours is None or settings.schedule_id is None:
        return
    opening = {"open": following, "closed": CLOSED}
    yield ScheduleNode(id=HOURS, schedule=settings.schedule_id, exits=opening)
    closed = settings.closed_prompt.id if settings.closed_prompt else None
    yield HangupNode(id=CLOSED, prompt=closed, notice=SystemSound.CLOSED, closed=True)


def _greeting(settings: HotlineSettings, following: str) -> Iterator[Node]:
    if settings.greeting is not None:
        sounds = (Sound(prompt=settings.greeting.id),)
        yield PlayNode(id=GREETING, sounds=sounds, exits={"next": following})


def _regions(settings: HotlineSettings) -> Iterator[Node]:
    if not settings.regions:
        return
    groups = dict.fromkeys(route.group_id for route in settings.regions)
    names = {group: f"{GROUP}-{place}" for place, group in enumerate(groups, start=1)}
    rules = tuple(
        RegionRule(
            exit=names[route.group_id],
            provinces=() if route.city else (route.province,),
            cities=((route.province, route.city),) if route.city else (),
        )
        for route in settings.regions
    )
    exits = {name: name for name in names.values()} | {"otherwise": GROUP}
    yield RegionNode(id=REGION, rules=rules, exits=exits)
    for group, name in names.items():
        yield _group(settings, name, group)


def _group(settings: HotlineSettings, node_id: str, group: UUID) -> Node:
    survey = {} if settings.survey_id is None else {"answered": SURVEY}
    return GroupNode(id=node_id, group=group, exits={"unanswered": FAILED, **survey})


def material_of_plain(settings: HotlineSettings, more: Material) -> Material:
    """What the nodes of :func:`compile_plain` name; ``more`` has the groups of the regions."""
    prompts = (settings.greeting, settings.closed_prompt, settings.failed_prompt)
    schedules = {}
    if settings.hours is not None and settings.schedule_id is not None:
        schedules[settings.schedule_id] = settings.hours
    own = {settings.group.id: settings.group} if settings.group else {}
    return Material(
        prompts={prompt.id: prompt for prompt in prompts if prompt is not None},
        schedules=schedules,
        groups={**more.groups, **own},
    )


def flow_of(settings: HotlineSettings) -> Flow:
    """What callers of the hotline are led through."""
    return settings.flow or compile_plain(settings)
