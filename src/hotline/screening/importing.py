"""Lists of numbers that come as a request's body, and what is told of their lines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from fastapi import Request

from hotline.api.problem import prefers_chinese
from hotline.api.scope import SignedIn
from hotline.kit.errors import InvalidError, TooLargeError, Words
from hotline.screening.rules import (
    MAX_LINES,
    BadLine,
    PatternError,
    decode_list,
)
from hotline.screening.schemas import ImportResult, RefusedLine

T = TypeVar("T")


def list_body(example: str) -> dict[str, Any]:
    """The request's body in the OpenAPI document."""
    content = {"text/csv": {"schema": {"type": "string"}, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


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


def lines_read_by(read: Callable[[str], Iterable[T]]) -> Callable[..., Awaitable[list[T]]]:
    """A dependency: the body's lines as ``read`` makes them of its text; as :func:`text_in`."""

    async def lines(principal: SignedIn, request: Request) -> list[T]:
        del principal
        return list(read(await text_in(request)))

    return lines


def import_result(added: int, known: int, bad: Iterable[BadLine], request: Request) -> ImportResult:
    """What became of every line, and why some were left out, in the reader's language."""
    chinese = prefers_chinese(request.headers.get("accept-language", ""))
    errors = [
        RefusedLine(
            line=one.number, text=one.text, message=one.words.zh if chinese else one.words.en
        )
        for one in bad
    ]
    return ImportResult(added=added, known=known, errors=errors)
