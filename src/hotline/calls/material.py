"""What a hotline's flows name, from the database's JSON."""

from __future__ import annotations

from typing import Any, Final, LiteralString
from uuid import UUID

import orjson
import structlog
from pydantic import ValidationError

from hotline.calls.facts import (
    Destination,
    ForwardingGroup,
    Material,
    OpeningHours,
    PromptRef,
    Strategy,
)
from hotline.flows.graph import Flow

log = structlog.get_logger(__name__)

MATERIAL: Final[LiteralString] = """
with recursive given as (select %(enterprise)s::uuid as enterprise_id, %(refs)s::uuid[] as refs),
entered(id, graph, refs) as (
  select null::uuid, null::jsonb, refs from given
  union
  select v.flow_id, v.graph, v.refs from entered e
    join flows f on f.id = any(e.refs)
    join flow_versions v on v.flow_id = f.id and v.version = f.published_version
    where f.enterprise_id = (select enterprise_id from given)),
named(id) as (select distinct unnest(refs) from entered)
select json_build_object(
  'flows', (select json_object_agg(id, graph) from entered where id is not null),
  'prompts', (select json_object_agg(p.id, p.content_hash) from prompts p
    join named n on n.id = p.id where p.enterprise_id = g.enterprise_id),
  'schedules', (select json_object_agg(s.id, json_build_object('weekly', s.weekly,
      'special_days', s.special_days, 'time_zone', s.time_zone))
    from schedules s join named n on n.id = s.id where s.enterprise_id = g.enterprise_id),
  'destinations', (select json_agg(json_build_object('id', d.id, 'number', d.number,
      'approved', d.status = 'approved', 'ring_timeout', d.ring_timeout,
      'concurrent_cap', d.concurrent_cap, 'monthly_cap_minutes', d.monthly_cap_minutes))
    from destinations d join named n on n.id = d.id where d.enterprise_id = g.enterprise_id),
  'groups', (select json_agg(json_build_object('id', q.id, 'strategy', q.strategy, 'members',
      (select json_agg(json_build_object('id', d.id, 'number', d.number,
          'approved', d.status = 'approved', 'ring_timeout', d.ring_timeout,
          'concurrent_cap', d.concurrent_cap, 'monthly_cap_minutes', d.monthly_cap_minutes)
        order by m.position, d.number)
      from forwarding_members m join destinations d on d.id = m.destination_id
      where m.group_id = q.id)))
    from forwarding_groups q join named n on n.id = q.id where q.enterprise_id = g.enterprise_id)
)::text
from given g
"""
"""All that the things ``refs`` name, and what the published flows among them name in turn."""


def read_material(document: str) -> Material:
    """The material from the row of :data:`MATERIAL`."""
    data: dict[str, Any] = orjson.loads(document)
    flows = {UUID(key): read_flow(graph) for key, graph in (data["flows"] or {}).items()}
    return Material(
        prompts={
            UUID(key): PromptRef(UUID(key), content_hash)
            for key, content_hash in (data["prompts"] or {}).items()
        },
        schedules={
            UUID(key): OpeningHours(**hours) for key, hours in (data["schedules"] or {}).items()
        },
        groups={group.id: group for group in map(read_group, data["groups"] or ())},
        destinations={one.id: one for one in map(read_destination, data["destinations"] or ())},
        flows={key: flow for key, flow in flows.items() if flow is not None},
    )


def read_flow(graph: Any) -> Flow | None:
    """A published graph; None where this version of Hotline cannot read it any more."""
    try:
        return Flow.model_validate(graph)
    except ValidationError as error:
        log.error("flow_unreadable", error=str(error))
        return None


def read_group(data: dict[str, Any]) -> ForwardingGroup:
    members = tuple(read_destination(one) for one in data["members"] or ())
    return ForwardingGroup(UUID(data["id"]), Strategy(data["strategy"]), members)


def read_destination(data: dict[str, Any]) -> Destination:
    return Destination(**{**data, "id": UUID(data["id"])})
