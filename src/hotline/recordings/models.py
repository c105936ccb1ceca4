"""The table of recordings (see 0007_calls.sql) and the rules for keeping them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
)

metadata = MetaData()

recordings = Table(
    "recordings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("call_id", Uuid),
    Column("kind", Text),
    Column("position", Integer),
    Column("agent_id", Uuid),
    Column("node", Text),
    Column("spool_name", Text),
    Column("status", Text),
    Column("storage_key", Text),
    Column("format", Text),
    Column("channels", Integer),
    Column("duration_ms", Integer),
    Column("bytes", BigInteger),
    Column("sha256", LargeBinary),
    Column("created_at", DateTime(timezone=True)),
    Column("stored_at", DateTime(timezone=True)),
)

rules = Table(
    "audio_rules",
    metadata,
    Column("enterprise_id", Uuid, primary_key=True),
    Column("recording_days", Integer),
    Column("message_days", Integer),
    Column("updated_at", DateTime(timezone=True)),
)
