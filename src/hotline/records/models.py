"""The tables of call records, read only (see 0007_calls.sql)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    column,
    table,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()
_INSTANT = DateTime(timezone=True)

calls = Table(
    "calls",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("hotline_id", Uuid),
    Column("dialled", Text),
    Column("caller", Text),
    Column("province", Text),
    Column("city", Text),
    Column("caller_carrier", Text),
    Column("trunk", Text),
    Column("node", Text),
    Column("started_at", _INSTANT),
    Column("answered_at", _INSTANT),
    Column("connected_at", _INSTANT),
    Column("ended_at", _INSTANT),
    Column("outcome", Text),
    Column("reason", Text),
    Column("ended_by", Text),
    Column("waiting_ms", Integer),
    Column("ringing_ms", Integer),
    Column("talk_ms", Integer),
    Column("billable_seconds", Integer),
    Column("direction", Text),
    Column("agent_id", Uuid),
    Column("callback_of", Uuid),
    Column("hold_ms", Integer),
)

call_legs = Table(
    "call_legs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("call_id", Uuid),
    Column("enterprise_id", Uuid),
    Column("position", Integer),
    Column("destination_id", Uuid),
    Column("target", Text),
    Column("result", Text),
    Column("sip_code", Integer),
    Column("cause", Integer),
    Column("dialled_at", _INSTANT),
    Column("ringing_at", _INSTANT),
    Column("answered_at", _INSTANT),
    Column("ended_at", _INSTANT),
    Column("kind", Text),
    Column("agent_id", Uuid),
    Column("queue_id", Uuid),
    Column("connected_at", _INSTANT),
    Column("talk_ms", Integer),
    Column("hold_ms", Integer),
)

call_events = Table(
    "call_events",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("call_id", Uuid),
    Column("enterprise_id", Uuid),
    Column("at", _INSTANT),
    Column("type", Text),
    Column("data", JSONB),
)

recordings = Table(
    "recordings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("call_id", Uuid),
    Column("kind", Text),
    Column("position", Integer),
    Column("agent_id", Uuid),
    Column("status", Text),
    Column("duration_ms", Integer),
    Column("bytes", BigInteger),
    Column("created_at", _INSTANT),
)

queue_entries = table("queue_entries", column("call_id"), column("queue_id"))
"""Of the slice that keeps them."""
