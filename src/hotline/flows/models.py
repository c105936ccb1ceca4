"""The tables of flows and of the lists that they ask (see 0005_flows.sql)."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()
_INSTANT = DateTime(timezone=True)

flows = Table(
    "flows",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("name", Text),
    Column("draft", JSONB),
    Column("published_version", Integer),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

flow_versions = Table(
    "flow_versions",
    metadata,
    Column("flow_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("graph", JSONB),
    Column("refs", ARRAY(Uuid)),
    Column("note", Text),
    Column("published_by", Text),
    Column("published_at", _INSTANT),
)

caller_lists = Table(
    "caller_lists",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("name", Text),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

caller_list_entries = Table(
    "caller_list_entries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("list_id", Uuid),
    Column("number", Text),
    Column("note", Text),
    Column("extension", Text),
    Column("queue_id", Uuid),
    Column("until", _INSTANT),
    Column("created_at", _INSTANT),
)

code_lists = Table(
    "code_lists",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("name", Text),
    Column("salt", LargeBinary),
    Column("tries_allowed", Integer),
    Column("lockout_minutes", Integer),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

code_tries = Table(
    "code_tries",
    metadata,
    Column("list_id", Uuid, primary_key=True),
    Column("caller", Text, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("failures", Integer),
    Column("last_at", _INSTANT),
    Column("locked_until", _INSTANT),
)

codes = Table(
    "codes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("list_id", Uuid),
    Column("hash", LargeBinary),
    Column("label", Text),
    Column("until", _INSTANT),
    Column("created_at", _INSTANT),
)
