"""The tables of queues (see 0009_queues.sql)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData()

queues = Table(
    "queues",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("name", Text),
    Column("extension", Text),
    Column("strategy", Text),
    Column("weight", Integer),
    Column("ring_timeout", Integer),
    Column("max_wait", Integer),
    Column("max_length", Integer),
    Column("leave_when_empty", Boolean),
    Column("music_prompt_id", Uuid),
    Column("busy_prompt_id", Uuid),
    Column("announce_every", Integer),
    Column("announce_position", Boolean),
    Column("announce_wait", Boolean),
    Column("key_voicemail", Text),
    Column("key_callback", Text),
    Column("key_leave", Text),
    Column("overflow", JSONB),
    Column("skills", JSONB),
    Column("sticky_minutes", Integer),
    Column("sticky_wait", Integer),
    Column("wrap_up_seconds", Integer),
    Column("recording", Boolean),
    Column("whisper", Boolean),
    Column("answer_within", Integer),
    Column("callback_tries", Integer),
    Column("callback_pause", Integer),
    Column("survey_id", Uuid),
    Column("vip_list_id", Uuid),
    Column("vip_priority", Integer),
    Column("created_at", DateTime(timezone=True)),
    Column("updated_at", DateTime(timezone=True)),
)

queue_members = Table(
    "queue_members",
    metadata,
    Column("queue_id", Uuid, primary_key=True),
    Column("agent_id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("penalty", Integer),
    Column("position", Integer),
    Column("last_turn", BigInteger),
)

queue_entries = Table(
    "queue_entries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("queue_id", Uuid),
    Column("call_id", Uuid),
    Column("hotline_id", Uuid),
    Column("caller", Text),
    Column("kind", Text),
    Column("node", Text),
    Column("state", Text),
    Column("priority", Integer),
    Column("entered_at", DateTime(timezone=True)),
    Column("offered_to", ARRAY(Uuid)),
    Column("offered_at", DateTime(timezone=True)),
    Column("agent_id", Uuid),
    Column("left_at", DateTime(timezone=True)),
    Column("reason", Text),
    Column("callback_number", Text),
    Column("callback_tries", Integer),
    Column("not_before", DateTime(timezone=True)),
    Column("asked_in", Uuid),
)

queue_decisions = Table(
    "queue_decisions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("queue_id", Uuid),
    Column("call_id", Uuid),
    Column("entry_id", Uuid),
    Column("at", DateTime(timezone=True)),
    Column("turn", BigInteger),
    Column("step", Integer),
    Column("agents", ARRAY(Uuid)),
    Column("inputs", JSONB),
    Column("reasons", JSONB),
)
