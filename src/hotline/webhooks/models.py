"""The tables of webhooks."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

_metadata: Final = MetaData()

webhooks: Final = Table(
    "webhooks",
    _metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("url", Text),
    Column("description", Text),
    Column("events", ARRAY(Text)),
    Column("enabled", Boolean),
    Column("failing_since", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True)),
    Column("updated_at", DateTime(timezone=True)),
)

webhook_secrets: Final = Table(
    "webhook_secrets",
    _metadata,
    Column("webhook_id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("secret", Text),
)

deliveries: Final = Table(
    "webhook_deliveries",
    _metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("webhook_id", Uuid),
    Column("event_id", Uuid),
    Column("type", Text),
    Column("subject", Uuid),
    Column("happened_at", DateTime(timezone=True)),
    Column("body", Text),
    Column("state", Text),
    Column("attempts", Integer),
    Column("status", Integer),
    Column("error", Text),
    Column("answer", Text),
    Column("created_at", DateTime(timezone=True)),
    Column("attempted_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True)),
    Column("delivered_at", DateTime(timezone=True)),
)
