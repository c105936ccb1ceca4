"""The tables of screened numbers and blocked areas (see 0006_hotlines.sql)."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, MetaData, Table, Text, Uuid

metadata = MetaData()
_INSTANT = DateTime(timezone=True)

screening_entries = Table(
    "screening_entries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("hotline_id", Uuid),
    Column("pattern", Text),
    Column("match", Text),
    Column("action", Text),
    Column("until", _INSTANT),
    Column("note", Text),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

blocked_areas = Table(
    "blocked_areas",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("hotline_id", Uuid),
    Column("area_code", Text),
    Column("office_code", Text),
    Column("note", Text),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)
