"""The tables of people, sessions, keys and the audit trail (see 0002_people.sql)."""

from __future__ import annotations

from sqlalchemy import ARRAY, Column, DateTime, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()
_INSTANT = DateTime(timezone=True)

users = Table(
    "users",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("login", Text),
    Column("name", Text),
    Column("password_hash", Text),
    Column("role", Text),
    Column("status", Text),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user_id", Uuid),
    Column("enterprise_id", Uuid),
    Column("csrf_token", Text),
    Column("address", Text),
    Column("user_agent", Text),
    Column("created_at", _INSTANT),
    Column("last_seen_at", _INSTANT),
    Column("expires_at", _INSTANT),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("name", Text),
    Column("prefix", Text),
    Column("secret_hash", LargeBinary),
    Column("scopes", ARRAY(Text)),
    Column("created_by", Uuid),
    Column("created_at", _INSTANT),
    Column("expires_at", _INSTANT),
    Column("revoked_at", _INSTANT),
    Column("last_used_at", _INSTANT),
)

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("at", _INSTANT),
    Column("actor_kind", Text),
    Column("actor_id", Uuid),
    Column("actor_name", Text),
    Column("action", Text),
    Column("object_type", Text),
    Column("object_id", Text),
    Column("changes", JSONB),
    Column("address", Text),
)

login_throttles = Table(
    "login_throttles",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("failures", Integer),
    Column("window_started_at", _INSTANT),
    Column("locked_until", _INSTANT),
)
