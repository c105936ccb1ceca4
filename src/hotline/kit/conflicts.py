"""Why something cannot be done to a thing that others hold on to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from hotline.kit.errors import ConflictError, Words


@dataclass(frozen=True, slots=True)
class Use:
    """A place where a thing is used."""

    kind: str
    """What uses it: ``hotline``, ``forwarding_group`` …"""
    id: UUID
    name: str


class InUseError(ConflictError):
    """Deleting what is used elsewhere; ``used_by`` tells where."""

    error_id = "in-use"
    title = "This is in use"
    title_zh = "正在使用中，不能删除"

    def __init__(self, uses: Sequence[Use]) -> None:
        names = "、".join(use.name for use in uses)
        super().__init__(
            Words(f"used by: {names}", f"使用方：{names}"), used_by=[asdict(use) for use in uses]
        )


class AlreadyThereError(ConflictError):
    """Adding what is there already; ``fields`` names which part is the same."""

    error_id = "already-there"
    title = "There is one like this already"
    title_zh = "已经存在"
