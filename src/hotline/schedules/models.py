"""The table of opening hours (see 0006_hotlines.sql)."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

schedules = Table(
    "schedules",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("name", Text),
    Column("time_zone", Text),
    Column("weekly", JSONB),
    Column("special_days", JSONB),
    Column("created_at", DateTime(timezone=True)),
    Column("updated_at", DateTime(timezone=True)),
)
