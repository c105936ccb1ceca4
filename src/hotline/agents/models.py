"""The tables of agents (see 0008_agents.sql and 0010_presence.sql)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text
from sqlalchemy import Uuid as UuidType

metadata = MetaData()
_INSTANT = DateTime(timezone=True)

agents = Table(
    "agents",
    metadata,
    Column("id", UuidType, primary_key=True),
    Column("enterprise_id", UuidType),
    Column("user_id", UuidType),
    Column("extension", Text),
    Column("name", Text),
    Column("device", Text),
    Column("destination_id", UuidType),
    Column("confirm_by_key", Boolean),
    Column("outbound_number", Text),
    Column("ring_timeout", Integer),
    Column("wrap_up_seconds", Integer),
    Column("wrap_up_extension", Integer),
    Column("misses_allowed", Integer),
    Column("enabled", Boolean),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

agent_skills = Table(
    "agent_skills",
    metadata,
    Column("agent_id", UuidType, primary_key=True),
    Column("skill", Text, primary_key=True),
    Column("enterprise_id", UuidType),
    Column("level", Integer),
)

agent_presence = Table(
    "agent_presence",
    metadata,
    Column("agent_id", UuidType, primary_key=True),
    Column("enterprise_id", UuidType),
    Column("state", Text),
    Column("reason", Text),
    Column("since", _INSTANT),
    Column("next_state", Text),
    Column("next_reason", Text),
    Column("call_id", UuidType),
    Column("queue_id", UuidType),
    Column("node", Text),
    Column("wrap_up_until", _INSTANT),
    Column("idle_since", _INSTANT),
    Column("misses", Integer),
    Column("day", Date),
    Column("calls_today", Integer),
    Column("talk_ms_today", BigInteger),
)

sip_accounts = Table(
    "sip_accounts",
    metadata,
    Column("id", UuidType, primary_key=True),
    Column("enterprise_id", UuidType),
    Column("agent_id", UuidType),
    Column("account", Text),
    Column("secret", Text),
    Column("display_name", Text),
    Column("webrtc", Boolean),
    Column("enabled", Boolean),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

caller_numbers = Table(
    "caller_numbers",
    metadata,
    Column("id", UuidType, primary_key=True),
    Column("enterprise_id", UuidType),
    Column("number", Text),
    Column("label", Text),
    Column("status", Text),
    Column("reviewed_by", UuidType),
    Column("reviewed_at", _INSTANT),
    Column("review_note", Text),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

break_reasons = Table(
    "break_reasons",
    metadata,
    Column("id", UuidType, primary_key=True),
    Column("enterprise_id", UuidType),
    Column("name", Text),
    Column("position", Integer),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)
