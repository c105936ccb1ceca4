"""Which group a call will be forwarded to first, where nothing but the facts decides that."""

from __future__ import annotations

from datetime import datetime

from hotline.calls.facts import ForwardingGroup, HotlineSettings
from hotline.flows.compiler import flow_of
from hotline.flows.deciding import RegionNode, ScheduleNode
from hotline.flows.nodes import PlayNode
from hotline.flows.reaching import GroupNode
from hotline.flows.rules import region_exit, schedule_exit
from hotline.kit.numbers import PhoneNumber

_FURTHEST = 20


def group_ahead(
    settings: HotlineSettings, caller: PhoneNumber, at: datetime
) -> ForwardingGroup | None:
    """The group that the flow comes to before it asks the caller for anything; None: there is none.

    Its first destination can be claimed in the statement that begins the call.
    """
    flow, material = flow_of(settings), settings.material
    place: str | None = flow.start
    for _ in range(_FURTHEST):
        node = flow.by_id.get(place or "")
        match node:
            case GroupNode(group=group_id):
                return material.groups.get(group_id)
            case ScheduleNode():
                kept = material.schedules.get(node.schedule) if node.schedule else None
                way = schedule_exit(node, kept, at)
            case RegionNode(rules=rules):
                way = region_exit(rules, caller)
            case PlayNode(keys_skip=False):
                way = "next"
            case _:
                return None
        place = node.exits.get(way)
    return None
