"""How messages are taken and callers are asked, read for a call when it comes to that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, LiteralString, TypeVar
from uuid import UUID

import orjson

from hotline.calls.facts import PromptRef
from hotline.db.direct import DatabaseAway, DirectPool

_BOX: Final[LiteralString] = """
select json_build_object('id', b.id, 'max_seconds', b.max_seconds,
  'silence_seconds', b.silence_seconds, 'finish_key', b.finish_key,
  'rerecord_key', b.rerecord_key, 'offer_review', b.review,
  'greeting', json_build_array(b.greeting_prompt_id, g.content_hash),
  'review', json_build_array(b.review_prompt_id, r.content_hash))::text
from voicemail_boxes b
left join prompts g on g.id = b.greeting_prompt_id
left join prompts r on r.id = b.review_prompt_id
where b.enterprise_id = %(enterprise)s
"""
_BOX_BY_ID: Final[LiteralString] = _BOX + " and b.id = %(id)s"
_BOX_OF: Final[LiteralString] = (
    _BOX
    + " and %(id)s in (b.hotline_id, b.queue_id, b.agent_id) order by b.created_at, b.id limit 1"
)
_SURVEY: Final[LiteralString] = """
select json_build_object('id', s.id,
  'intro', json_build_array(s.intro_prompt_id, i.content_hash),
  'invalid', json_build_array(s.invalid_prompt_id, w.content_hash),
  'thanks', json_build_array(s.thanks_prompt_id, t.content_hash),
  'questions', (select json_agg(json_build_object('id', q.id, 'text', q.text, 'keys', q.keys,
      'tries', q.tries, 'timeout', q.timeout_seconds,
      'prompt', json_build_array(q.prompt_id, p.content_hash)) order by q.position, q.id)
    from survey_questions q join prompts p on p.id = q.prompt_id where q.survey_id = s.id))::text
from surveys s
left join prompts i on i.id = s.intro_prompt_id
left join prompts w on w.id = s.invalid_prompt_id
left join prompts t on t.id = s.thanks_prompt_id
where s.enterprise_id = %(enterprise)s and s.id = %(id)s
"""
_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicemailPlan:
    """How a box takes a message. Times in seconds."""

    box_id: UUID
    greeting: PromptRef | None = None
    """None: the platform's words."""
    review: PromptRef | None = None
    """What the keys are after a message; None: the platform's words."""
    max_seconds: int = 120
    silence_seconds: int = 5
    """0: silence ends nothing."""
    finish_key: str = "#"
    rerecord_key: str = "*"
    offer_review: bool = True
    """Let the caller listen, record again or keep it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a key means."""

    label: str
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    id: UUID
    text: str
    prompt: PromptRef
    keys: Mapping[str, Answer]
    tries: int = 2
    timeout: float = 5.0
    """Seconds from the end of the prompt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyPlan:
    """What a caller is asked."""

    survey_id: UUID
    questions: tuple[Question, ...] = ()
    intro: PromptRef | None = None
    invalid: PromptRef | None = None
    """After a wrong key; None: the platform's words."""
    thanks: PromptRef | None = field(default=None)


_Plan = TypeVar("_Plan", VoicemailPlan, SurveyPlan)


class MessageSettings:
    """Boxes and surveys by their ids. What was read last serves while the database is away."""

    def __init__(self, pool: DirectPool) -> None:
        self._pool = pool
        self._boxes: dict[UUID, VoicemailPlan] = {}
        self._surveys: dict[UUID, SurveyPlan] = {}

    async def box(self, enterprise_id: UUID, box_id: UUID) -> VoicemailPlan | None:
        """The box; None: there is none (any more), or it cannot be known now."""
        return await self._read(_BOX_BY_ID, enterprise_id, box_id, self._boxes, read_box)

    async def box_of(self, enterprise_id: UUID, owner: UUID) -> VoicemailPlan | None:
        """The box of a hotline, a queue or an agent; the oldest where there are several."""
        return await self._read(_BOX_OF, enterprise_id, owner, self._boxes, read_box)

    async def survey(self, enterprise_id: UUID, survey_id: UUID) -> SurveyPlan | None:
        """As :meth:`box`."""
        return await self._read(_SURVEY, enterprise_id, survey_id, self._surveys, read_survey)

    async def _read(
        self,
        statement: LiteralString,
        enterprise_id: UUID,
        key: UUID,
        kept: dict[UUID, _Plan],
        read: Callable[[dict[str, Any]], _Plan],
    ) -> _Plan | None:
        try:
            row = await self._pool.row(statement, {"enterprise": enterprise_id, "id": key})
        except DatabaseAway:
            return kept.get(key)
        if row is None:
            kept.pop(key, None)
            return None
        if len(kept) >= _KEPT:
            kept.clear()
        kept[key] = read(orjson.loads(row[0]))
        return kept[key]


def read_box(data: dict[str, Any]) -> VoicemailPlan:
    """A box from the database's JSON."""
    values = {
        **data,
        "box_id": UUID(data["id"]),
        "greeting": _prompt(data["greeting"]),
        "review": _prompt(data["review"]),
    }
    del values["id"]
    return VoicemailPlan(**values)


def read_survey(data: dict[str, Any]) -> SurveyPlan:
    """A survey from the database's JSON."""
    return SurveyPlan(
        survey_id=UUID(data["id"]),
        questions=tuple(_question(question) for question in data["questions"] or ()),
        intro=_prompt(data["intro"]),
        invalid=_prompt(data["invalid"]),
        thanks=_prompt(data["thanks"]),
    )


def _question(data: dict[str, Any]) -> Question:
    prompt_id, content_hash = data["prompt"]
    return Question(
        id=UUID(data["id"]),
        text=data["text"],
        prompt=PromptRef(UUID(prompt_id), content_hash),
        keys={key: Answer(**meaning) for key, meaning in data["keys"].items()},
        tries=data["tries"],
        timeout=data["timeout"],
    )


def _prompt(pair: tuple[str | None, str | None]) -> PromptRef | None:
    prompt_id, content_hash = pair
    return PromptRef(UUID(prompt_id), content_hash) if prompt_id else None
