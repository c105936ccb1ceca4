"""Errors that a user can act on: each has a status, a stable id and details.

The API turns them into ``application/problem+json`` (RFC 9457); the command line prints them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """The same sentence for both kinds of readers."""

    en: str
    zh: str

    def __str__(self) -> str:
        return self.en


class HotlineError(Exception):
    """The base of every error with a meaning for whoever asked.

    Subclass it once per kind of trouble, next to the code that raises it, and set ``status``,
    ``error_id`` (stable, kebab-case) and the title (a short sentence) in both languages.
    """

    status: int = 500
    error_id: str = "internal"
    title: str = "Something went wrong on our side"
    title_zh: str = "系统出错了，请稍后再试"

    def __init__(
        self,
        detail: str | Words = "",
        *,
        fields: Mapping[str, str | Words] | None = None,
        **extra: object,
    ) -> None:
        super().__init__(str(detail) or self.title)
        self.detail = detail
        self.fields = dict(fields or {})
        """Field path → what is wrong with it."""
        self.extra = extra


class NotFoundError(HotlineError):
    status = 404
    error_id = "not-found"
    title = "There is no such thing, or it is not yours"
    title_zh = "不存在，或不属于您"


class ForbiddenError(HotlineError):
    status = 403
    error_id = "forbidden"
    title = "Your role does not allow this"
    title_zh = "您的角色没有此权限"


class UnauthenticatedError(HotlineError):
    status = 401
    error_id = "unauthenticated"
    title = "Log in first"
    title_zh = "请先登录"


class ConflictError(HotlineError):
    status = 409
    error_id = "conflict"
    title = "This contradicts what is there already"
    title_zh = "与已有的内容冲突"


class InvalidError(HotlineError):
    status = 422
    error_id = "invalid"
    title = "Some of this is not valid"
    title_zh = "有内容不符合要求"


class TooLargeError(HotlineError):
    status = 413
    error_id = "too-large"
    title = "This is larger than what is accepted"
    title_zh = "内容超过允许的大小"


class TooManyError(HotlineError):
    status = 429
    error_id = "too-many"
    title = "Too many tries; wait a little"
    title_zh = "尝试次数过多，请稍后再试"


class UnavailableError(HotlineError):
    status = 503
    error_id = "unavailable"
    title = "A part this needs is not reachable now"
    title_zh = "所需的服务暂时无法连接"
