"""Where a caller goes next when a talk ends with a wish, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from hotline.telephony.port import LegResult, Party


@dataclass(frozen=True, slots=True)
class ToExtension:
    """An agent, by extension."""

    extension: str


@dataclass(frozen=True, slots=True)
class ToQueue:
    queue_id: UUID


@dataclass(frozen=True, slots=True)
class ToNumber:
    """A number outside; it was checked to be one that the enterprise may call."""

    number: str


@dataclass(frozen=True, slots=True)
class ToSurvey:
    """Rates the talk with this agent."""

    agent_id: UUID | None


@dataclass(frozen=True, slots=True)
class ToFlowNode:
    flow_id: UUID
    node: str = ""
    """Empty: the flow's start."""


Goal: TypeAlias = ToExtension | ToQueue | ToNumber | ToSurvey | ToFlowNode


@dataclass(frozen=True, slots=True)
class TalkOver:
    """A talk, or all of them in a row, is over.

    ``by`` CALLER: the caller has hung up. Otherwise the caller is still there, and ``onward`` says
    where they were sent; None: the called party hung up, or nobody else could be reached.
    """

    by: Party
    cause: int
    """Q.850."""
    at: datetime
    agent_id: UUID | None = None
    """Whom the caller talked to last."""
    queue_id: UUID | None = None
    onward: Goal | None = None


@dataclass(frozen=True, slots=True)
class AgentMissed:
    """The agents did not take the call; the caller is still there."""

    results: dict[UUID, LegResult]
    """What came of each; an agent that was not free any more did not ring: BUSY."""

    @property
    def result(self) -> LegResult:
        """The one of the only agent, or the most telling of several."""
        for result in (LegResult.NO_ANSWER, LegResult.REJECTED, LegResult.BUSY):
            if result in self.results.values():
                return result
        return LegResult.UNREACHABLE
