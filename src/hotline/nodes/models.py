"""The table of the site's processes (see 0021_nodes.sql)."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    REAL,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Integer,
    MetaData,
    Table,
    Text,
)

_INSTANT = DateTime(timezone=True)

nodes = Table(
    "nodes",
    MetaData(),
    Column("node", Text, primary_key=True),
    Column("roles", ARRAY(Text), primary_key=True),
    Column("host", Text, primary_key=True),
    Column("version", Text),
    Column("started_at", _INSTANT),
    Column("seen_at", _INSTANT),
    Column("load_1m", REAL),
    Column("processors", Integer),
    Column("disk_free", BigInteger),
    Column("disk_total", BigInteger),
    Column("switch_connected", Boolean),
    Column("switch_version", Text),
    Column("switch_started_at", _INSTANT),
)
