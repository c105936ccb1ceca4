"""The tables of call handling (see 0008_agents, 0012_running_calls and 0013_after_calls)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, Table, Text
from sqlalchemy import Uuid as UuidType
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()
_INSTANT = DateTime(timezone=True)

agent_offers = Table(
    "agent_offers",
    metadata,
    Column("agent_id", UuidType, primary_key=True),
    Column("enterprise_id", UuidType),
    Column("call_id", UuidType),
    Column("at", _INSTANT),
    Column("details", JSONB),
)

dispositions = Table(
    "dispositions",
    metadata,
    Column("id", UuidType, primary_key=True),
    Column("enterprise_id", UuidType),
    Column("code", Text),
    Column("name", Text),
    Column("position", Integer),
    Column("enabled", Boolean),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

call_notes = Table(
    "call_notes",
    metadata,
    Column("call_id", UuidType, primary_key=True),
    Column("agent_id", UuidType, primary_key=True),
    Column("enterprise_id", UuidType),
    Column("disposition_id", UuidType),
    Column("disposition", Text),
    Column("note", Text),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

forbidden_numbers = Table(
    "forbidden_numbers",
    metadata,
    Column("id", UuidType, primary_key=True),
    Column("enterprise_id", UuidType),
    Column("number", Text),
    Column("note", Text),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)
