"""The table of requests that may come twice (see 0002_people.sql)."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

idempotency_keys = Table(
    "idempotency_keys",
    MetaData(),
    Column("principal_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_hash", LargeBinary),
    Column("created_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    Column("status", Integer),
    Column("headers", JSONB),
    Column("body", LargeBinary),
)
