"""A hotline's settings from the database's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import orjson

from hotline.calls.facts import (
    BlockedArea,
    CallerIdMode,
    HotlineSettings,
    Material,
    MenuKey,
    MenuTarget,
    OpeningHours,
    PlainMenu,
    PromptRef,
    RegionRoute,
    Screening,
    ScreeningAction,
    ScreeningEntry,
)
from hotline.calls.material import read_group
from hotline.flows.compiler import compile_plain, material_of_plain

SETTINGS: Final[LiteralString] = """
select coalesce(v.version, 0), json_build_object(
  'number', h.number, 'active', h.status = 'active', 'concurrent_limit', h.concurrent_limit,
  'recording', h.recording, 'caller_id_mode', h.caller_id_mode, 'whisper', h.whisper,
  'flow_id', h.flow_id, 'regions', h.regions, 'menu', h.menu,
  'greeting', h.greeting_prompt_id, 'closed', h.closed_prompt_id, 'failed', h.failed_prompt_id,
  'notice', h.recording_notice_prompt_id, 'survey', h.survey_id,
  'blacklist_box', (select b.id from voicemail_boxes b
    where b.hotline_id = h.id and b.takes_blacklisted),
  'hashes', (select json_object_agg(p.id, p.content_hash) from prompts p
    where p.content_hash is not null and p.id in (h.greeting_prompt_id, h.closed_prompt_id,
      h.failed_prompt_id, h.recording_notice_prompt_id, (h.menu ->> 'prompt_id')::uuid)),
  'hours', (select json_build_object('id', s.id, 'weekly', s.weekly, 'special_days', s.special_days,
    'time_zone', s.time_zone) from schedules s where s.id = h.schedule_id),
  'group', (select json_build_object('id', g.id, 'strategy', g.strategy, 'members',
      (select json_agg(json_build_object('id', d.id, 'number', d.number,
          'approved', d.status = 'approved', 'ring_timeout', d.ring_timeout,
          'concurrent_cap', d.concurrent_cap, 'monthly_cap_minutes', d.monthly_cap_minutes)
        order by m.position, d.number)
      from forwarding_members m join destinations d on d.id = m.destination_id
      where m.group_id = g.id))
    from forwarding_groups g where g.id = h.group_id),
  'screening', (select json_agg(json_build_array(x.pattern, x.match = 'prefix', x.action, x.until,
      x.hotline_id is not null))
    from screening_entries x where x.enterprise_id = h.enterprise_id
      and (x.hotline_id is null or x.hotline_id = h.id)),
  'areas', (select json_agg(json_build_array(b.area_code, b.office_code))
    from blocked_areas b where b.enterprise_id = h.enterprise_id
      and (b.hotline_id is null or b.hotline_id = h.id))
)::text
from hotlines h left join settings_versions v on v.enterprise_id = h.enterprise_id
where h.id = %s
"""
"""One statement, so that the settings and their version are of one moment."""


def names_more(document: str) -> list[UUID]:
    """What the row of :data:`SETTINGS` names without telling it: to be read as material."""
    data: dict[str, Any] = orjson.loads(document)
    more = [region["group_id"] for region in data["regions"]]
    more += [one["id"] for one in (data["menu"] or {}).get("keys", ()) if one["to"] == "group"]
    return [UUID(key) for key in dict.fromkeys([data["flow_id"], *more]) if key]


def read_settings(
    hotline_id: UUID,
    enterprise_id: UUID,
    version: int,
    document: str,
    material: Material | None = None,
) -> HotlineSettings:
    """The settings from the row of :data:`SETTINGS`, with what :func:`names_more` asked for."""
    data: dict[str, Any] = orjson.loads(document)
    hashes: dict[str, str] = data["hashes"] or {}

    def prompt(name: str) -> PromptRef | None:
        return _prompt(data[name], hashes)

    hours = data["hours"]
    schedule_id = UUID(hours.pop("id")) if hours else None
    settings = HotlineSettings(
        hotline_id=hotline_id,
        enterprise_id=enterprise_id,
        number=data["number"],
        version=version,
        active=data["active"],
        concurrent_limit=data["concurrent_limit"],
        hours=OpeningHours(**hours) if hours else None,
        schedule_id=schedule_id,
        group=read_group(data["group"]) if data["group"] else None,
        greeting=prompt("greeting"),
        closed_prompt=prompt("closed"),
        failed_prompt=prompt("failed"),
        recording=data["recording"],
        recording_notice=prompt("notice"),
        caller_id_mode=CallerIdMode(data["caller_id_mode"]),
        whisper=data["whisper"],
        survey_id=UUID(data["survey"]) if data["survey"] else None,
        blacklist_box=UUID(data["blacklist_box"]) if data["blacklist_box"] else None,
        screening=Screening.of([_entry(*row) for row in data["screening"] or ()]),
        blocked_areas=tuple(BlockedArea(*row) for row in data["areas"] or ()),
        flow_id=UUID(data["flow_id"]) if data["flow_id"] else None,
        regions=tuple(
            RegionRoute(one["province"], one["city"], UUID(one["group_id"]))
            for one in data["regions"]
        ),
        menu=_menu(data["menu"], hashes) if data["menu"] else None,
    )
    named = material or Material()
    flow = named.flows.get(settings.flow_id)
    if flow is not None:
        return replace(settings, flow=flow, material=named)
    settings = replace(settings, flow_id=None)
    return replace(
        settings, flow=compile_plain(settings), material=material_of_plain(settings, named)
    )


def _prompt(key: str | None, hashes: Mapping[str, str]) -> PromptRef | None:
    return PromptRef(UUID(key), hashes.get(key)) if key else None


def _menu(data: Mapping[str, Any], hashes: Mapping[str, str]) -> PlainMenu:
    keys = tuple(
        MenuKey(one["key"], MenuTarget(one["to"]), UUID(one["id"]), one["label"])
        for one in data["keys"]
    )
    return PlainMenu(keys, _prompt(data["prompt_id"], hashes), data["tries"], data["timeout"])


def _entry(
    pattern: str, is_prefix: bool, action: str, until: str | None, own: bool
) -> ScreeningEntry:
    expires = datetime.fromisoformat(until) if until else None
    return ScreeningEntry(pattern, is_prefix, ScreeningAction(action), expires, own)
