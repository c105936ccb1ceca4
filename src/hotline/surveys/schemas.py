"""Surveys and their results on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import RowMapping

from hotline.kit.versions import version_of
from hotline.surveys.rules import QuestionResult

MAX_QUESTIONS: Final = 10
Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]
Text: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]
Label: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)
]
AnswerKey: TypeAlias = Annotated[str, Field(pattern=r"^[0-9*#]$")]
_PROMPT: Final = "01890a5d-ac96-774b-bcce-b302099a8057"
_EXAMPLE: Final[dict[str, Any]] = {
    "name": "满意度",
    "questions": [
        {
            "text": "请对本次服务评价",
            "prompt_id": _PROMPT,
            "keys": {
                "1": {"label": "满意", "score": 5},
                "2": {"label": "一般", "score": 3},
                "3": {"label": "不满意", "score": 1},
            },
        }
    ],
}


class KeyMeaning(BaseModel):
    """What a key of a scale means."""

    model_config = ConfigDict(extra="forbid")

    label: Label
    score: float | None = Field(
        None, ge=-1000, le=1000, description="For averages; null: it counts in none."
    )


class QuestionIn(BaseModel):
    """What is asked, and by which keys it is answered."""

    model_config = ConfigDict(extra="forbid")

    id: UUID | None = Field(None, description="Of a question that is there already.")
    text: Text = Field(description="For people who read results.")
    prompt_id: UUID = Field(description="What the caller hears.")
    keys: Annotated[dict[AnswerKey, KeyMeaning], Field(min_length=1, max_length=12)]
    tries: Annotated[int, Field(ge=1, le=5)] = 2
    timeout_seconds: Annotated[int, Field(ge=1, le=30)] = 5


class Question(QuestionIn):
    """A question of a survey."""

    id: UUID


Questions: TypeAlias = Annotated[list[QuestionIn], Field(min_length=1, max_length=MAX_QUESTIONS)]


class NewSurvey(BaseModel):
    """Questions that are asked after a talk."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _EXAMPLE})

    name: Name
    intro_prompt_id: UUID | None = None
    invalid_prompt_id: UUID | None = Field(
        None, description="After a wrong key; null: the platform's words."
    )
    thanks_prompt_id: UUID | None = Field(None, description="Null: the platform's words.")
    questions: Questions


class SurveyChange(BaseModel):
    """What is absent stays; null empties. ``questions`` replaces all of them."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "售后满意度"}})

    name: Name = ""
    intro_prompt_id: UUID | None = None
    invalid_prompt_id: UUID | None = None
    thanks_prompt_id: UUID | None = None
    questions: Questions = Field(default_factory=list)


class Survey(BaseModel):
    """A survey."""

    id: UUID
    name: str
    intro_prompt_id: UUID | None
    invalid_prompt_id: UUID | None
    thanks_prompt_id: UUID | None
    questions: list[Question]
    created_at: datetime
    updated_at: datetime
    version: str = Field(description="In quotes, the ETag that a change names in If-Match.")

    @classmethod
    def of(cls, row: RowMapping, questions: Sequence[RowMapping]) -> Survey:
        asked = [
            Question(**{name: question[name] for name in Question.model_fields})
            for question in questions
        ]
        return cls(**row, questions=asked, version=version_of(row["updated_at"]))


class ChoiceCount(BaseModel):
    key: str
    label: str
    count: int
    share: float = Field(description="Of the question's answers, 0 to 1.")


class QuestionCount(BaseModel):
    """The answers to one question."""

    question_id: UUID
    question: str
    answers: int
    average: float | None = Field(description="Of the answers that have a score.")
    choices: list[ChoiceCount]

    @classmethod
    def of(cls, result: QuestionResult) -> QuestionCount:
        return cls(
            question_id=result.question_id,
            question=result.question,
            answers=result.answers,
            average=result.average,
            choices=[
                ChoiceCount(
                    key=choice.key, label=choice.label, count=choice.count, share=choice.share
                )
                for choice in result.choices
            ],
        )


class AgentResult(BaseModel):
    """What the callers of one agent said; null: of nobody, a plain forward."""

    agent_id: UUID | None
    name: str
    extension: str
    asked: int = Field(description="Callers who were asked.")
    questions: list[QuestionCount]


class SurveyResults(BaseModel):
    """The answers of all, and agent by agent."""

    asked: int
    questions: list[QuestionCount]
    agents: list[AgentResult]


class AnswerGiven(BaseModel):
    """One answer of one caller."""

    id: UUID
    call_id: UUID
    agent_id: UUID | None
    question_id: UUID
    question: str
    key: str
    label: str
    score: float | None
    at: datetime

    @classmethod
    def of(cls, row: RowMapping) -> AnswerGiven:
        return cls(**{name: row[name] for name in cls.model_fields})
