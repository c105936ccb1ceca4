"""The plain settings of a hotline as a flow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, cast
from uuid import UUID

from hotline.calls.facts import HotlineSettings, Material, MenuKey, MenuTarget
from hotline.calls.sounds import SystemSound
from hotline.flows.base import Key, Sound
from hotline.flows.deciding import RegionNode, RegionRule, ScheduleNode
from hotline.flows.graph import Flow, Node
from hotline.flows.nodes import HangupNode, MenuNode, PlayNode
from hotline.flows.reaching import GroupNode, QueueNode, SurveyNode, VoicemailNode

HOURS, CLOSED, GREETING, MENU, REGION, GROUP, FAILED = (
    "hours",
    "closed",
    "greeting",
    "menu",
    "region",
    "group",
    "failed",
)
_NAMES: Final = {"*": "star", "#": "hash"}
"""Of keys that no node may be called by."""
SURVEY: Final = "survey"
NO_GROUP: Final = UUID(int=0)
"""Where a hotline has no forwarding group: nobody is found in it."""


def compile_plain(settings: HotlineSettings) -> Flow:
    """Hours, greeting, menu, the group for the caller's region, and a last word or questions.

    Who presses none of the menu's keys is forwarded as without a menu.

    Calls that come while it is closed are refused before the flow, without taking a line: the
    hours are in it so that a flow that is made from the settings has them too.
    """
    forward = REGION if settings.regions else GROUP
    asked = MENU if settings.menu else forward
    nodes = [
        *_hours(settings, GREETING if _greets(settings) else asked),
        *_greeting(settings, asked),
        *_menu(settings, forward),
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


def _greets(settings: HotlineSettings) -> bool:
    """Whether there are words before those of the menu, if there is one."""
    return settings.greeting is not None and (settings.menu is None or bool(settings.menu.prompt))


def _greeting(settings: HotlineSettings, following: str) -> Iterator[Node]:
    if settings.greeting is not None and _greets(settings):
        sounds = (Sound(prompt=settings.greeting.id),)
        yield PlayNode(id=GREETING, sounds=sounds, exits={"next": following})


def _menu(settings: HotlineSettings, otherwise: str) -> Iterator[Node]:
    menu = settings.menu
    if menu is None:
        return
    words = menu.prompt or settings.greeting
    ways = {one.key: f"key-{_NAMES.get(one.key, one.key)}" for one in menu.keys}
    yield MenuNode(
        id=MENU,
        sounds=(Sound(prompt=words.id),) if words is not None else (),
        keys=tuple(cast(Key, one.key) for one in menu.keys),
        tries=menu.tries,
        timeout=menu.timeout,
        exits={**ways, "timeout": otherwise, "wrong": otherwise},
    )
    for one in menu.keys:
        yield _chosen(settings, ways[one.key], one)


def _chosen(settings: HotlineSettings, node_id: str, key: MenuKey) -> Node:
    title = key.label or f"按 {key.key}"
    after = {} if settings.survey_id is None else {"answered": SURVEY}
    match key.to:
        case MenuTarget.GROUP:
            return _group(settings, node_id, key.id, title)
        case MenuTarget.QUEUE:
            unserved = ("timeout", "unavailable", "full", "nobody", "leave")
            exits = {**dict.fromkeys(unserved, FAILED), **after}
            return QueueNode(id=node_id, title=title, queue=key.id, exits=exits)
        case MenuTarget.VOICEMAIL:
            exits = {"unavailable": FAILED}
            return VoicemailNode(id=node_id, title=title, box=key.id, exits=exits)


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


def _group(settings: HotlineSettings, node_id: str, group: UUID, title: str = "") -> Node:
    survey = {} if settings.survey_id is None else {"answered": SURVEY}
    exits = {"unanswered": FAILED, **survey}
    return GroupNode(id=node_id, title=title, group=group, exits=exits)


def material_of_plain(settings: HotlineSettings, more: Material) -> Material:
    """What the nodes of :func:`compile_plain` name; ``more`` has the groups of regions and keys."""
    words = settings.menu.prompt if settings.menu is not None else None
    prompts = (settings.greeting, words, settings.closed_prompt, settings.failed_prompt)
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
