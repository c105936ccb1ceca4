"""The tables of surveys (see the migration "messages")."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, Float, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()
_INSTANT = DateTime(timezone=True)

surveys = Table(
    "surveys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("name", Text),
    Column("intro_prompt_id", Uuid),
    Column("invalid_prompt_id", Uuid),
    Column("thanks_prompt_id", Uuid),
    Column("created_at", _INSTANT),
    Column("updated_at", _INSTANT),
)

questions = Table(
    "survey_questions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("survey_id", Uuid),
    Column("position", Integer),
    Column("text", Text),
    Column("prompt_id", Uuid),
    Column("keys", JSONB),
    Column("tries", Integer),
    Column("timeout_seconds", Integer),
)

runs = Table(
    "survey_runs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("call_id", Uuid),
    Column("leg", Integer),
    Column("survey_id", Uuid),
    Column("agent_id", Uuid),
    Column("asked_at", _INSTANT),
)

answers = Table(
    "survey_answers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise_id", Uuid),
    Column("call_id", Uuid),
    Column("leg", Integer),
    Column("survey_id", Uuid),
    Column("question_id", Uuid),
    Column("question", Text),
    Column("agent_id", Uuid),
    Column("key", Text),
    Column("label", Text),
    Column("score", Float),
    Column("at", _INSTANT),
)

agents = Table(
    "agents",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid),
    Column("name", Text),
    Column("extension", Text),
)
"""What is asked of the agents: their names."""
