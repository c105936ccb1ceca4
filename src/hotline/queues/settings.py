"""A queue's settings, as the path of a call needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, LiteralString
from uuid import UUID

import orjson

from hotline.queues.documents import steps_of
from hotline.queues.rules import SkillStep, Strategy

QUEUE: Final[LiteralString] = """
select json_build_object(
  'id', q.id, 'enterprise_id', q.enterprise_id, 'name', q.name, 'strategy', q.strategy,
  'ring_timeout', q.ring_timeout, 'max_wait', q.max_wait, 'max_length', q.max_length,
  'leave_when_empty', q.leave_when_empty, 'music_hash', m.content_hash, 'busy_hash', b.content_hash,
  'announce_every', q.announce_every, 'announce_position', q.announce_position,
  'announce_wait', q.announce_wait, 'key_voicemail', q.key_voicemail,
  'key_callback', q.key_callback, 'key_leave', q.key_leave, 'overflow', q.overflow,
  'skills', q.skills, 'sticky_minutes', q.sticky_minutes, 'sticky_wait', q.sticky_wait,
  'wrap_up_seconds', q.wrap_up_seconds, 'recording', q.recording, 'whisper', q.whisper,
  'callback_tries', q.callback_tries, 'callback_pause', q.callback_pause,
  'survey_id', q.survey_id, 'vip_list_id', q.vip_list_id, 'vip_priority', q.vip_priority)::text
from queues q
left join prompts m on m.id = q.music_prompt_id
left join prompts b on b.id = q.busy_prompt_id
where q.id = %s
"""


class Exit(StrEnum):
    """How a caller's wait in a queue came to its end, other than by the caller hanging up."""

    ANSWERED = "answered"
    TIMEOUT = "timeout"
    FULL = "full"
    NOBODY = "nobody"
    """Nobody is signed in."""
    LEAVE = "leave"
    """The caller pressed the key for it."""
    VOICEMAIL = "voicemail"
    CALLBACK = "callback"
    """The caller is called back and may hang up."""
    UNAVAILABLE = "unavailable"
    """There is no such queue (any more)."""


class OverflowKind(StrEnum):
    QUEUE = "queue"
    GROUP = "group"
    NUMBER = "number"
    VOICEMAIL = "voicemail"
    HANGUP = "hangup"


OVERFLOWS: Final = (Exit.TIMEOUT, Exit.FULL, Exit.NOBODY, Exit.LEAVE)
"""The exits for which a queue may say what comes next."""


@dataclass(frozen=True, slots=True)
class Overflow:
    """Where callers go whom the queue does not serve."""

    kind: OverflowKind
    id: UUID | None = None
    """Of a queue or a forwarding group."""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSettings:
    """Times are seconds."""

    id: UUID
    enterprise_id: UUID
    name: str
    strategy: Strategy = Strategy.LONGEST_IDLE
    ring_timeout: int = 20
    max_wait: int | None = None
    max_length: int | None = None
    leave_when_empty: bool = True
    music_hash: str | None = None
    """The sound that callers hear over and over; None: the platform's music."""
    busy_hash: str | None = None
    announce_every: int = 30
    """0: no announcements."""
    announce_position: bool = True
    announce_wait: bool = False
    key_voicemail: str | None = None
    key_callback: str | None = None
    key_leave: str | None = None
    overflow: Mapping[Exit, Overflow] = field(default_factory=dict)
    skills: tuple[SkillStep, ...] = ()
    sticky_minutes: int = 0
    sticky_wait: int = 20
    wrap_up_seconds: int | None = None
    recording: bool = True
    whisper: bool = False
    callback_tries: int = 3
    callback_pause: int = 300
    survey_id: UUID | None = None
    """Asked after an agent of the queue has hung up."""
    vip_list_id: UUID | None = None
    """The caller list of those who are served first."""
    vip_priority: int = 5

    @property
    def keys(self) -> Mapping[str, Exit]:
        """Key → what it does."""
        wanted = {
            Exit.VOICEMAIL: self.key_voicemail,
            Exit.CALLBACK: self.key_callback,
            Exit.LEAVE: self.key_leave,
        }
        return {key: exit_ for exit_, key in wanted.items() if key is not None}


def read_queue(document: str) -> QueueSettings:
    """The settings from the row of :data:`QUEUE`."""
    data: dict[str, Any] = orjson.loads(document)
    return QueueSettings(
        **{
            **data,
            "id": UUID(data["id"]),
            "enterprise_id": UUID(data["enterprise_id"]),
            "strategy": Strategy(data["strategy"]),
            "survey_id": UUID(data["survey_id"]) if data["survey_id"] else None,
            "vip_list_id": UUID(data["vip_list_id"]) if data["vip_list_id"] else None,
            "skills": steps_of(data["skills"]),
            "overflow": {
                Exit(exit_): _overflow(target) for exit_, target in data["overflow"].items()
            },
        }
    )


def _overflow(data: Mapping[str, Any]) -> Overflow:
    key = data.get("id")
    return Overflow(
        OverflowKind(data["kind"]), UUID(key) if key else None, data.get("number") or ""
    )
