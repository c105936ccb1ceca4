"""Errors that a user can act on: each has a status, a stable id and details.

The API turns them into ``application/problem+json`` (RFC 9457); the command line prints them.
"""

from __future__ import annotations

from collections.abc import Mapping


class HotlineError(Exception):
    """The base of every error with a meaning for whoever asked.

    Subclass it once per kind of trouble, next to the code that raises it, and set ``status``,
    ``error_id`` (stable, kebab-case) and ``title`` (English, a short sentence).
    """

    status: int = 500
    error_id: str = "internal"
    title: str = "Something went wrong on our side"

    def __init__(
        self, detail: str = "", *, fields: Mapping[str, str] | None = None, **extra: object
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.fields = dict(fields or {})
        """Field path → what is wrong with it."""
        self.extra = extra


class NotFoundError(HotlineError):
    status = 404
    error_id = "not-found"
    title = "There is no such thing, or it is not yours"


class ForbiddenError(HotlineError):
    status = 403
    error_id = "forbidden"
    title = "Your role does not allow this"


class UnauthenticatedError(HotlineError):
    status = 401
    error_id = "unauthenticated"
    title = "Log in first"


class ConflictError(HotlineError):
    status = 409
    error_id = "conflict"
    title = "This contradicts what is there already"


class InvalidError(HotlineError):
    status = 422
    error_id = "invalid"
    title = "Some of this is not valid"


class TooLargeError(HotlineError):
    status = 413
    error_id = "too-large"
    title = "This is larger than what is accepted"


class TooManyError(HotlineError):
    status = 429
    error_id = "too-many"
    title = "Too many tries; wait a little"


class UnavailableError(HotlineError):
    status = 503
    error_id = "unavailable"
    title = "A part this needs is not reachable now"
