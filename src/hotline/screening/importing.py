"""Lists of numbers that come as a request's body, and what is told of their lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import Request

from hotline.api.problem import prefers_chinese
from hotline.kit.errors import InvalidError, TooLargeError, Words
from hotline.screening.rules import (
    MAX_LINES,
    BadLine,
    Line,
    Match,
    PatternError,
    decode_list,
    read_list,
)
from hotline.screening.schemas import RefusedLine


def list_body(example: str) -> dict[str, Any]:
    """The request's body in the OpenAPI document."""
    content = {"text/csv": {"schema": {"type": "string"}, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


async def lines_in(request: Request, match: Match) -> list[Line | BadLine]:
    """The body's lines; as :func:`text_in`."""
    return list(read_list(await text_in(request), match))


async def text_in(request: Request) -> str:
    """The body's text; its size is bounded for every request alike.

    To be read before the transaction begins, so that none waits for a slow upload, but for nobody
    who is not logged in. Raises InvalidError, TooLargeError.
    """
    try:
        text = decode_list(await request.body())
    except PatternError as error:
        raise InvalidError(fields={"body": error.words}) from error
    if text.count("\n") >= MAX_LINES:
        raise TooLargeError(
            Words(f"at most {MAX_LINES} lines at a time", f"一次最多导入 {MAX_LINES} 行")
        )
    return text


def refused_lines(bad: Iterable[BadLine], request: Request) -> list[RefusedLine]:
    """Why each was left out, in the reader's language."""
    chinese = prefers_chinese(request.headers.get("accept-language", ""))
    return [
        RefusedLine(
            line=one.number, text=one.text, message=one.words.zh if chinese else one.words.en
        )
        for one in bad
    ]
