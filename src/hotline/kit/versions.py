"""Versions of what people edit, so that nobody overwrites what they have not seen.

A version is made of the time of the last change. Whoever changes a thing says which version they
saw; a service compares it with the row it has locked.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from hotline.kit.errors import HotlineError, Words

ANY: Final = "*"
"""Change it whatever it has become meanwhile."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class StaleError(HotlineError):
    status = 412
    error_id = "stale"
    title = "Somebody else changed this meanwhile; load it again"
    title_zh = "内容已被他人修改，请重新加载后再改"


class VersionMissingError(HotlineError):
    status = 428
    error_id = "version-missing"
    title = "Say which version you change (If-Match)"
    title_zh = "请注明所修改的版本（If-Match）"


def version_of(updated_at: datetime) -> str:
    """The version of a thing last changed at ``updated_at``: its microseconds since 1970."""
    return str((updated_at - _EPOCH) // timedelta(microseconds=1))


def check_version(updated_at: datetime, seen: str) -> None:
    """Raises StaleError when ``seen`` names neither the version of ``updated_at`` nor ANY."""
    current = version_of(updated_at)
    if ANY not in (tags := seen.split(",")) and current not in tags:
        raise StaleError(
            Words("this is not the current version", "这不是当前版本"), version=current
        )
