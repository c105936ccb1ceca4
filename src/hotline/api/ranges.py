"""Parts of a file over HTTP (RFC 9110 §14): one range, for players that seek."""

from __future__ import annotations

import re
from typing import NamedTuple

from hotline.kit.errors import HotlineError

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class RangeNotSatisfiableError(HotlineError):
    status = 416
    error_id = "range-not-satisfiable"
    title = "The file has no such part"
    title_zh = "请求的范围超出文件大小"


class Part(NamedTuple):
    """Bytes from ``start`` to before ``end``."""

    start: int
    end: int


def read_range(header: str | None, size: int) -> Part | None:
    """The part asked for; None for the whole, also where the header asks for what we do not do.

    Raises RangeNotSatisfiableError.
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or match.group() == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        part = Part(max(0, size - int(last)), size)
    else:
        part = Part(int(first), min(int(last) + 1, size) if last else size)
    if part.start >= part.end:
        if first and last and int(last) < int(first):
            return None
        raise RangeNotSatisfiableError(size=size)
    return part


def part_headers(part: Part | None, size: int) -> dict[str, str]:
    """What a 200 (no part) or 206 answer says about it."""
    start, end = part or (0, size)
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(end - start)}
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return headers
