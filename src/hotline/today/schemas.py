"""The day on the wire."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping

HOURS_OF_A_DAY = range(24)


def answer_rate_of(answered: int, *lost: int) -> float | None:
    """Per cent answered of those answered or lost; None: there are none."""
    wanted = answered + sum(lost)
    return round(100 * answered / wanted, 1) if wanted else None


class DayFigures(BaseModel):
    """Calls of customers that began today."""

    calls: int
    answered: int = Field(description="Somebody talked to the caller.")
    abandoned: int = Field(description="The caller left before anybody answered.")
    unanswered: int = Field(description="Nobody could be reached.")
    in_progress: int
    answer_rate: float | None = Field(
        description="Per cent answered of those answered, abandoned or unanswered: a call that was "
        "refused, or that a flow served by itself, wanted nobody. null: none yet."
    )
    average_wait_seconds: float = Field(description="Of those answered, until somebody talked.")
    average_talk_seconds: float

    @classmethod
    def of(cls, row: RowMapping) -> DayFigures:
        rate = answer_rate_of(row["answered"], row["abandoned"], row["unanswered"])
        given = {name: row[name] for name in cls.model_fields if name != "answer_rate"}
        return cls(**given, answer_rate=rate)


class HourFigures(BaseModel):
    """Calls that began in one hour of the day."""

    hour: int = Field(ge=0, le=23, description="In China.")
    calls: int
    answered: int


def whole_day(rows: Iterable[RowMapping]) -> list[HourFigures]:
    """All hours of the day, those without calls too."""
    found = {row["hour"]: row for row in rows}
    return [
        HourFigures(
            hour=hour,
            calls=found[hour]["calls"] if hour in found else 0,
            answered=found[hour]["answered"] if hour in found else 0,
        )
        for hour in HOURS_OF_A_DAY
    ]


class Waiting(StrEnum):
    """What may wait for somebody in an enterprise."""

    UNHEARD_MESSAGES = "unheard_messages"
    WAITING_CALLBACKS = "waiting_callbacks"
    MISSED_CALLERS = "missed_callers"
    FAILED_PROMPTS = "failed_prompts"
    UNPUBLISHED_FLOWS = "unpublished_flows"
    PENDING_DESTINATIONS = "pending_destinations"
    REJECTED_DESTINATIONS = "rejected_destinations"
    PENDING_CALLER_NUMBERS = "pending_caller_numbers"
    FAILING_WEBHOOKS = "failing_webhooks"


class PlatformWaiting(StrEnum):
    """What may wait for the operator."""

    PLATFORM_TROUBLES = "platform_troubles"
    """What is wrong with the site itself, but for its carriers."""
    PENDING_DESTINATIONS = "pending_destinations"
    PENDING_CALLER_NUMBERS = "pending_caller_numbers"
    UNREACHABLE_CARRIERS = "unreachable_carriers"
    ENTERPRISES_WITHOUT_FUNDS = "enterprises_without_funds"
    CALLS_TO_NO_HOTLINE = "calls_to_no_hotline"


class OwnWaiting(StrEnum):
    """What may wait for an agent."""

    UNREAD_BULLETINS = "unread_bulletins"
    UNHEARD_MESSAGES = "unheard_messages"
    CALLS_WITHOUT_DISPOSITION = "calls_without_disposition"


class Task(BaseModel):
    """Something that waits, and how much of it."""

    kind: Waiting
    count: int


class PlatformTask(BaseModel):
    """Something that waits for the operator, and how much of it."""

    kind: PlatformWaiting
    count: int


class MissedCaller(BaseModel):
    """Somebody who called today, reached nobody and has not talked to the enterprise since."""

    call_id: UUID = Field(description="The last such call.")
    caller: str
    province: str
    city: str
    hotline_id: UUID | None
    started_at: datetime
    times: int = Field(description="How often they tried in vain.")

    @classmethod
    def of(cls, row: RowMapping) -> MissedCaller:
        return cls(**row)


_FIGURES: dict[str, Any] = {
    "calls": 120,
    "answered": 104,
    "abandoned": 9,
    "unanswered": 4,
    "in_progress": 3,
    "answer_rate": 88.9,
    "average_wait_seconds": 14.2,
    "average_talk_seconds": 171.5,
}


class Today(BaseModel):
    """An enterprise's day so far; a day begins at midnight in China."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "at": "2026-10-08T03:20:00Z",
                "total": _FIGURES,
                "hours": [{"hour": 9, "calls": 48, "answered": 41}],
                "tasks": [{"kind": "unheard_messages", "count": 2}],
                "missed": [],
            }
        }
    )

    at: datetime
    total: DayFigures
    hours: list[HourFigures]
    tasks: list[Task] = Field(description="What waits for somebody; what does not is left out.")
    missed: list[MissedCaller] = Field(description="Newest first; the first twenty.")


class EnterpriseDay(BaseModel):
    """One enterprise's calls today."""

    enterprise_id: UUID
    name: str
    calls: int
    answered: int
    in_progress: int

    @classmethod
    def of(cls, row: RowMapping) -> EnterpriseDay:
        return cls(**{name: row[name] for name in cls.model_fields})


class PlatformToday(BaseModel):
    """The platform's day so far; a day begins at midnight in China."""

    at: datetime
    total: DayFigures
    hours: list[HourFigures]
    tasks: list[PlatformTask] = Field(description="What does not wait is left out.")
    enterprises: int = Field(description="Those that are active.")
    suspended: int
    busiest: list[EnterpriseDay] = Field(description="By calls today; the first ten.")


class OwnTask(BaseModel):
    """Something that waits for me, and how much of it."""

    kind: OwnWaiting
    count: int


class OwnFigures(BaseModel):
    """Calls that rang at me today."""

    calls: int
    answered: int
    missed: int = Field(
        description="Not answered in time, rejected, or my phone was not there. Neither those that "
        "a colleague took first nor those whose caller left while it rang."
    )
    placed: int = Field(description="Calls that I placed myself.")
    answer_rate: float | None = Field(
        description="Per cent answered of those answered or missed. null: none yet."
    )
    average_talk_seconds: float

    @classmethod
    def of(cls, row: RowMapping) -> OwnFigures:
        rate = answer_rate_of(row["answered"], row["missed"])
        return cls(**row, answer_rate=rate)


class OwnToday(BaseModel):
    """My day so far; a day begins at midnight in China."""

    at: datetime
    total: OwnFigures
    hours: list[HourFigures] = Field(description="By the hour in which they rang.")
    tasks: list[OwnTask] = Field(description="What does not wait is left out.")
