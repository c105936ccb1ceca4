"""The tables of score sheets and reviews (see the migration "quality")."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, MetaData, Numeric, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()
_INSTANT = DateTime(timezone=True)

sheets = Table(
    "score_sheets",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("name", Text),
    Column("criteria", JSONB),
    Column("in_use", Boolean),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

reviews = Table(
    "quality_reviews",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("call_id", Uuid),
    Column("recording_id", Uuid),
    Column("agent_id", Uuid),
    Column("sheet_id", Uuid),
    Column("sheet_name", Text),
    Column("criteria", JSONB),
    Column("points", JSONB),
    Column("total", Numeric(5, 2)),
    Column("comment", Text),
    Column("reviewer_id", Uuid),
    Column("reviewer_name", Text),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

agents = Table(
    "agents",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("user_id", Uuid),
    Column("name", Text),
    Column("extension", Text),
)
"""What is asked of the agents: who they are."""
