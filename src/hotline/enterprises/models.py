"""The table of enterprises (see 0001_tenancy.sql)."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, MetaData, Numeric, Table, Text, Uuid

metadata = MetaData()

enterprises = Table(
    "enterprises",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text),
    Column("status", Text),
    Column("balance", Numeric(14, 4)),
    Column("credit_limit", Numeric(14, 4)),
    Column("created_at", DateTime(timezone=True)),
    Column("updated_at", DateTime(timezone=True)),
)
