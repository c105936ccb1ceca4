"""Cookies, bearer keys and the checks against forged requests."""

from __future__ import annotations

import hmac
from typing import Final
from urllib.parse import urlsplit

from fastapi import Response
from fastapi.requests import HTTPConnection, Request

from hotline.api.parts import ApiSettings, parts_of
from hotline.kit.errors import ForbiddenError, UnauthenticatedError
from hotline.staff.authentication import NewSession
from hotline.staff.principal import Principal

CSRF_HEADER: Final = "X-CSRF-Token"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class ForgedRequestError(ForbiddenError):
    error_id = "forged-request"
    title = "This request does not come from our own pages (send X-CSRF-Token)"
    title_zh = "请求并非来自本系统页面（缺少 X-CSRF-Token）"


def cookie_name(settings: ApiSettings) -> str:
    """``__Host-`` makes browsers refuse a cookie set by a sibling domain or in the clear."""
    return "__Host-hotline_session" if settings.secure_cookies else "hotline_session"


def session_token(connection: HTTPConnection) -> str | None:
    return connection.cookies.get(cookie_name(parts_of(connection).settings))


def set_session_cookie(response: Response, settings: ApiSettings, session: NewSession) -> None:
    response.set_cookie(
        cookie_name(settings),
        session.token,
        expires=session.expires_at,
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
        path="/",
    )


def clear_session_cookie(response: Response, settings: ApiSettings) -> None:
    response.delete_cookie(
        cookie_name(settings),
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
        path="/",
    )


async def authenticate(connection: HTTPConnection) -> Principal | None:
    """The principal behind the bearer key or the session cookie; None if there is neither.

    A bearer key that is wrong is an error, not a reason to look at the cookie.
    """
    authentication = parts_of(connection).authentication()
    header = connection.headers.get("authorization")
    if header is not None:
        scheme, _, key = header.partition(" ")
        principal = (
            await authentication.by_api_key(key.strip()) if scheme.lower() == "bearer" else None
        )
        if principal is None:
            raise UnauthenticatedError
        return principal
    token = session_token(connection)
    return await authentication.by_session_token(token) if token else None


def check_not_forged(request: Request, principal: Principal) -> None:
    """Refuse a change that another site makes a browser send with our cookie.

    Keys are safe: no browser sends them by itself. Raises ForgedRequestError.
    """
    if request.method in _SAFE or principal.csrf_token is None:
        return
    sent = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(sent.encode(), principal.csrf_token.encode()):
        raise ForgedRequestError
    check_same_site(request)


def check_same_site(request: Request) -> None:
    """Refuse what a browser says comes from another site. Raises ForgedRequestError."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    if site not in {"same-origin", "none"} or not same_origin(request):
        raise ForgedRequestError


def same_origin(connection: HTTPConnection) -> bool:
    """Whether ``Origin``, if there is one, names the host that was asked."""
    origin = connection.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == connection.headers.get("host")


def client_address(connection: HTTPConnection) -> str:
    """The peer's address; behind a trusted proxy the server has already put the real one there."""
    return connection.client.host if connection.client else ""
