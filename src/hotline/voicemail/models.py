"""The tables of boxes and messages (see the migration "messages")."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Float, Integer, MetaData, Table, Text, Uuid

metadata = MetaData()
_INSTANT = DateTime(timezone=True)

boxes = Table(
    "voicemail_boxes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("name", Text),
    Column("hotline_id", Uuid),
    Column("queue_id", Uuid),
    Column("agent_id", Uuid),
    Column("greeting_prompt_id", Uuid),
    Column("review_prompt_id", Uuid),
    Column("max_seconds", Integer),
    Column("silence_seconds", Integer),
    Column("finish_key", Text),
    Column("rerecord_key", Text),
    Column("review", Boolean),
    Column("takes_blacklisted", Boolean),
    Column("for_members", Boolean),
    Column("notify", Boolean),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

messages = Table(
    "voicemail_messages",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("box_id", Uuid),
    Column("call_id", Uuid),
    Column("left_at", _INSTANT),
    Column("seconds", Float),
    Column("ended_by", Text),
    Column("status", Text),
    Column("note", Text),
    Column("heard_at", _INSTANT),
    Column("heard_by", Uuid),
    Column("updated_at", _INSTANT),
)

callbacks = Table(
    "voicemail_callbacks",
    metadata,
    Column("call_id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("message_id", Uuid),
    Column("agent_id", Uuid),
    Column("at", _INSTANT),
)

queue_members = Table(
    "queue_members",
    metadata,
    Column("queue_id", Uuid, primary_key=True),
    Column("agent_id", Uuid, primary_key=True),
)
agents = Table(
    "agents",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid),
    Column("name", Text),
    Column("extension", Text),
)
"""What is asked of the agents: which of them somebody is, and who that is to others."""
