"""The tables of bulletins (see 0021_bulletins.sql), and those of others that say who reads them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, DateTime, MetaData, Table, Text, Uuid, column, table

metadata = MetaData()
_INSTANT = DateTime(timezone=True)

bulletins = Table(
    "bulletins",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("title", Text),
    Column("body", Text),
    Column("important", Boolean),
    Column("queue_id", Uuid),
    Column("shows_from", _INSTANT),
    Column("shows_until", _INSTANT),
    Column("author", Text),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

readings = Table(
    "bulletin_readings",
    metadata,
    Column("bulletin_id", Uuid, primary_key=True),
    Column("agent_id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("read_at", _INSTANT),
)

queue_members: Final = table("queue_members", column("agent_id"), column("queue_id"))
