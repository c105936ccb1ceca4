"""Errors on the wire: ``application/problem+json`` (RFC 9457) with stable ids, zh or en."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from psycopg import errors as postgres
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from hotline.kit.errors import (
    ConflictError,
    ForbiddenError,
    HotlineError,
    InvalidError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
    Words,
)
from hotline.kit.validation_words import message_for

MEDIA_TYPE = "application/problem+json"
_log = structlog.get_logger(__name__)


class MethodNotAllowedError(HotlineError):
    status = 405
    error_id = "method-not-allowed"
    title = "This address does not take that method"
    title_zh = "该地址不支持此方法"


class MalformedError(HotlineError):
    status = 400
    error_id = "malformed"
    title = "This could not be read"
    title_zh = "请求无法解析"


class Problem(BaseModel):
    """What went wrong, for a person (title, detail, fields) and for a program (type)."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "example": {
                "type": "urn:hotline:error:invalid",
                "title": "Some of this is not valid",
                "status": 422,
                "detail": "",
                "fields": {"name": "must have at least 1 characters"},
            }
        },
    )

    type: str = Field(description="`urn:hotline:error:<id>`; the id never changes.")
    title: str = Field(description="One short sentence, in Chinese or English.")
    status: int
    detail: str = Field("", description="What was wrong this time.")
    fields: dict[str, str] = Field(
        default_factory=dict, description="Path of a field → what is wrong with it."
    )
    request_id: str | None = Field(None, description="Name it when you ask for help.")


def prefers_chinese(accept_language: str) -> bool:
    """Whether Chinese comes before English in an Accept-Language header (RFC 9110 §12.5.4)."""
    best: dict[str, float] = {}
    for item in accept_language.lower().split(","):
        tag, _, weight = item.strip().partition(";q=")
        try:
            quality = float(weight or 1)
        except ValueError:
            continue
        language = tag.split("-")[0]
        best[language] = max(best.get(language, 0.0), quality)
    return best.get("zh", 0.0) > best.get("en", 0.0)


def wants_chinese(request: Request) -> bool:
    """Whether whoever asked reads Chinese rather than English."""
    return prefers_chinese(request.headers.get("accept-language", ""))


def problem_response(request: Request, error: HotlineError) -> Response:
    """The response that tells ``error``."""
    chinese = wants_chinese(request)
    body: dict[str, object] = {
        **error.extra,
        "type": f"urn:hotline:error:{error.error_id}",
        "title": error.title_zh if chinese else error.title,
        "status": error.status,
        "detail": _in_language(error.detail, chinese),
        "fields": {path: _in_language(message, chinese) for path, message in error.fields.items()},
        "request_id": request.scope.get("state", {}).get("request_id"),
    }
    headers = {"Content-Language": "zh" if chinese else "en"}
    if "retry_after" in error.extra:
        headers["Retry-After"] = str(error.extra["retry_after"])
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="hotline"'
    return Response(orjson.dumps(body, default=str), error.status, headers, media_type=MEDIA_TYPE)


def install_problem_handlers(app: FastAPI) -> None:
    """Turn every error that can leave a route into a problem."""

    async def on_error(request: Request, error: Exception) -> Response:
        return problem_response(request, as_hotline_error(error))

    for kind in (HotlineError, RequestValidationError, HTTPException, DBAPIError):
        app.add_exception_handler(kind, on_error)


def as_hotline_error(error: Exception) -> HotlineError:
    """What ``error`` means to whoever asked; unknown ones become the plain 500."""
    if isinstance(error, HotlineError):
        return error
    if isinstance(error, RequestValidationError):
        return _from_validation(error.errors())
    if isinstance(error, HTTPException):
        return _from_status(error)
    if isinstance(error, DBAPIError):
        return _from_database(error)
    _log.error("request failed", exc_info=error)
    return HotlineError()


def _from_validation(errors: Sequence[Mapping[str, Any]]) -> HotlineError:
    if any(item["type"] == "json_invalid" for item in errors):
        return MalformedError(Words("the body is not JSON", "请求体不是 JSON"))
    fields = {_path(item["loc"]): message_for(item) for item in errors}
    return InvalidError(fields=fields)


def _path(location: Sequence[str | int]) -> str:
    """``("body", "members", 0, "id")`` → ``members.0.id``."""
    return ".".join(str(part) for part in location[1:]) or str(location[0])


def _from_status(error: HTTPException) -> HotlineError:
    known: dict[int, type[HotlineError]] = {
        403: ForbiddenError,
        404: NotFoundError,
        405: MethodNotAllowedError,
        413: TooLargeError,
    }
    if error.status_code in known:
        return known[error.status_code]()
    if error.status_code < 500:
        return MalformedError()
    return HotlineError()


def _from_database(error: DBAPIError) -> HotlineError:
    """Constraints that a route did not check itself still get a civil answer.

    The names of constraints stay in the log: they mean nothing to the reader.
    """
    cause = error.orig
    if isinstance(cause, postgres.IntegrityError):
        _log.info("constraint refused a request", constraint=cause.diag.constraint_name)
        if isinstance(cause, postgres.CheckViolation | postgres.NotNullViolation):
            return InvalidError()
        return ConflictError()
    if isinstance(cause, postgres.InsufficientPrivilege):
        _log.warning("row-level security refused a request", exc_info=error)
        return ForbiddenError()
    if isinstance(cause, postgres.DataError):
        return InvalidError()
    _log.error("database failed", exc_info=error)
    return UnavailableError() if isinstance(cause, postgres.OperationalError) else HotlineError()


def _in_language(message: str | Words, chinese: bool) -> str:
    if isinstance(message, Words):
        return message.zh if chinese else message.en
    return message
