"""The table of prompts (see 0004_prompts_and_surveys.sql)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Float, Integer, MetaData, Table, Text, Uuid

metadata = MetaData()

prompts = Table(
    "prompts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("name", Text),
    Column("kind", Text),
    Column("text", Text),
    Column("voice", Text),
    Column("speed", Float),
    Column("status", Text),
    Column("error", Text),
    Column("error_zh", Text),
    Column("content_hash", Text),
    Column("duration_ms", Integer),
    Column("stand_in", Boolean),
    Column("created_at", DateTime(timezone=True)),
    Column("updated_at", DateTime(timezone=True)),
)
