"""The tables of hotlines, destinations and forwarding groups (see 0006_hotlines.sql)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()
_INSTANT = DateTime(timezone=True)

hotlines = Table(
    "hotlines",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("number", Text),
    Column("name", Text),
    Column("status", Text),
    Column("concurrent_limit", Integer),
    Column("schedule_id", Uuid),
    Column("group_id", Uuid),
    Column("greeting_prompt_id", Uuid),
    Column("closed_prompt_id", Uuid),
    Column("failed_prompt_id", Uuid),
    Column("recording", Boolean),
    Column("recording_notice_prompt_id", Uuid),
    Column("caller_id_mode", Text),
    Column("whisper", Boolean),
    Column("survey_id", Uuid),
    Column("flow_id", Uuid),
    Column("regions", JSONB),
    Column("menu", JSONB(none_as_null=True)),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

number_stock = Table(  # see 0022_number_stock.sql
    "number_stock",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text),
    Column("note", Text),
    Column("created_at", _INSTANT),
)

destinations = Table(
    "destinations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("number", Text),
    Column("label", Text),
    Column("status", Text),
    Column("reviewed_by", Uuid),
    Column("reviewed_at", _INSTANT),
    Column("review_note", Text),
    Column("ring_timeout", Integer),
    Column("concurrent_cap", Integer),
    Column("monthly_cap_minutes", Integer),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

forwarding_groups = Table(
    "forwarding_groups",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("name", Text),
    Column("strategy", Text),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

forwarding_members = Table(
    "forwarding_members",
    metadata,
    Column("group_id", Uuid, primary_key=True),
    Column("destination_id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("position", Integer),
    Column("turns", BigInteger),
)
