"""The tables of carriers and of what nodes know about them (see 0014_sip.sql)."""

from __future__ import annotations

from sqlalchemy import ARRAY, Boolean, Column, DateTime, Integer, MetaData, Table, Text, Uuid

metadata = MetaData()
_INSTANT = DateTime(timezone=True)

carriers = Table(
    "carriers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text),
    Column("title", Text),
    Column("kind", Text),
    Column("host", Text),
    Column("port", Integer),
    Column("transport", Text),
    Column("username", Text),
    Column("secret", Text),
    Column("match_addresses", ARRAY(Text)),
    Column("from_user", Text),
    Column("area_code", Text),
    Column("position", Integer),
    Column("enabled", Boolean),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

carrier_health = Table(
    "carrier_health",
    metadata,
    Column("carrier_id", Uuid, primary_key=True),
    Column("node", Text, primary_key=True),
    Column("reachable", Boolean),
    Column("checked_at", _INSTANT),
)
