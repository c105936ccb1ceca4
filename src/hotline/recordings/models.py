"""The table of recordings (see 0001_first_calls.sql)."""

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
    Column("node", Text),
    Column("spool_name", Text),
    Column("status", Text),
    Column("storage_key", Text),
    Column("duration_ms", Integer),
    Column("bytes", BigInteger),
    Column("sha256", LargeBinary),
    Column("created_at", DateTime(timezone=True)),
    Column("stored_at", DateTime(timezone=True)),
)
