"""What the nodes of flows ask for besides the facts of a call: lists, codes, other servers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class CodeResult(StrEnum):
    """What became of a code that a caller keyed in."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Tried:
    result: CodeResult
    label: str = ""
    """The name that the list has for an accepted code."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A caller's entry in a list, with where it leads; empty: nowhere of its own."""

    note: str = ""
    extension: str = ""
    queue_id: UUID | None = None


class Lists(Protocol):
    """Caller lists and code lists. Each method raises DatabaseAway."""

    async def listed(self, list_id: UUID, number: str, at: datetime) -> Listed | None: ...

    async def locked(self, list_id: UUID, number: str, at: datetime) -> bool: ...

    async def try_code(self, list_id: UUID, number: str, code: str, at: datetime) -> Tried:
        """Count the try; after too many wrong ones in a row the number is locked out."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request to an enterprise's own server."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    within: float
    """Seconds."""


class Web(Protocol):
    async def ask(self, question: Question) -> bytes | None:
        """The body of a good answer; None for anything else."""


@dataclass(frozen=True, slots=True)
class FlowParts:
    lists: Lists
    web: Web
