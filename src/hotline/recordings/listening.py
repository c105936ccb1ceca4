"""A stored sound as an answer, whole or the part that a player asks for."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import StreamingResponse
from sqlalchemy import RowMapping

from hotline.api.parts import parts_of
from hotline.api.ranges import part_headers, read_range
from hotline.kit.errors import UnavailableError, Words
from hotline.recordings.storage import RecordingStore

_SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_UNSAFE: Final = re.compile(r"[^0-9A-Za-z-]")
_TYPES: Final = {"wav": "audio/wav", "mp3": "audio/mpeg"}
_CONTENT: Final[dict[str, Any]] = {name: {} for name in _TYPES.values()}
SOUND: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": _CONTENT, "description": "The sound."},
    206: {"content": _CONTENT, "description": "The part asked for."},
}
"""For the ``responses`` of a route that gives a sound."""


def store_of(request: Request) -> RecordingStore:
    """Raises UnavailableError where there is no storage."""
    store = parts_of(request).recordings
    if store is None:
        raise UnavailableError(Words("no storage is set up here", "本节点未配置录音存储"))
    return store


def file_name(row: RowMapping) -> str:
    """When, who and whom, as a file is called: ``20261001-083000_13812345678_1001.mp3``."""
    at = (row["started_at"] or row["created_at"]).astimezone(_SHANGHAI)
    parts = [f"{at:%Y%m%d-%H%M%S}", row["caller"] or "anonymous", row["target"] or ""]
    if row["position"]:
        parts.append(str(row["position"]))
    return "_".join(_UNSAFE.sub("", part) for part in parts if part) + f".{row['format']}"


async def sound_of(
    store: RecordingStore, row: RowMapping, range_: str | None, *, save_as: str | None = None
) -> StreamingResponse:
    """The sound of a stored recording. ``save_as``: let the browser save it under that name.

    Raises RangeNotSatisfiableError; StorageAway and DamagedSoundError while that can still be
    said: the beginning is read before the answer begins.
    """
    size: int = row["bytes"]
    part = read_range(range_, size)
    start, end = part or (0, size)
    headers = {**part_headers(part, size), "Cache-Control": "private, no-store"}
    if save_as is not None:
        headers["Content-Disposition"] = f'attachment; filename="{save_as}"'
    pieces = store.read(row["storage_key"], start, end)
    first = await anext(pieces, b"")
    return StreamingResponse(
        _joined(first, pieces),
        status_code=206 if part else 200,
        media_type=_TYPES[row["format"]],
        headers=headers,
    )


async def _joined(first: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in pieces:
        yield piece
