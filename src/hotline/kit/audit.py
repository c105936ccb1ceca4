"""How a service tells the audit trail what it changed, without knowing who keeps it."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any, Protocol, TypeAlias
from uuid import UUID

Changes: TypeAlias = Mapping[str, tuple[object, object]]
"""Field → (before, after); None for what was not there."""


class Audit(Protocol):
    """Notes one change in the caller's transaction."""

    def __call__(
        self,
        action: str,
        object_type: str,
        object_id: UUID | str,
        changes: Changes | None = None,
    ) -> Awaitable[None]: ...


def created(values: Mapping[str, object]) -> Changes:
    """Everything that a new thing has."""
    return {field: (None, value) for field, value in values.items() if value is not None}


def removed(values: Mapping[str, object]) -> Changes:
    """Everything that a thing had."""
    return {field: (value, None) for field, value in values.items() if value is not None}


def changed(before: Mapping[Any, Any], after: Mapping[str, object]) -> Changes:
    """Only what differs, of the fields that ``after`` names."""
    return {
        field: (before[field], value) for field, value in after.items() if before[field] != value
    }
