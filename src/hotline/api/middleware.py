"""What surrounds every request: its id and log line, headers, and the limit on its body."""

from __future__ import annotations

import re
import time
from typing import Final
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hotline.api.problem import as_hotline_error, problem_response
from hotline.kit.errors import TooLargeError

_log = structlog.get_logger("hotline.api.access")
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; object-src 'none'; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self'{sockets}; frame-ancestors 'none'; "
    "base-uri 'self'; form-action 'self'"
)
_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?|\[[0-9a-fA-F:]+\](:[0-9]+)?")


def _policy(host: str) -> str:
    """What pages may load and where they may connect to: nowhere but here.

    For older browsers 'self' does not stand for WebSockets, so the host is named for them.
    """
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return _POLICY.format(sockets=sockets)


class RequestEdge:
    """Names each request, logs it once, adds the security headers and catches what is unknown."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = dict(_HEADERS)
        if https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started, status = time.perf_counter(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(MutableHeaders(scope=message), scope, request_id)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            if status:  # the response is half sent: nothing civil can follow
                raise
            response = problem_response(Request(scope), as_hotline_error(error))
            await response(scope, receive, send_with_headers)
        finally:
            _log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                ms=round((time.perf_counter() - started) * 1000, 1),
                address=scope["client"][0] if scope.get("client") else "",
            )
            structlog.contextvars.unbind_contextvars("request_id")

    def _add_headers(self, headers: MutableHeaders, scope: Scope, request_id: str) -> None:
        headers["X-Request-ID"] = request_id
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", _policy(_host(scope)))
        if scope["path"].startswith("/api/"):
            headers.setdefault("Cache-Control", "no-store")


class BodyLimit:
    """Refuses bodies over the limit, announced or not, before they fill the memory."""

    def __init__(self, app: ASGIApp, *, limit: int, upload_limit: int) -> None:
        self._app = app
        self._limit = limit
        self._upload_limit = upload_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_upload = headers.get("content-type", "").lower().startswith("multipart/form-data")
        limit = self._upload_limit if is_upload else self._limit
        announced = headers.get("content-length", "0")
        if announced.isdecimal() and int(announced) > limit:
            response = problem_response(Request(scope), TooLargeError(limit=limit))
            response.headers["Connection"] = "close"
            await response(scope, receive, send)
            return
        seen = 0

        async def receive_limited() -> Message:
            nonlocal seen
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > limit:
                    # The framework passes only its own exception on from reading a body.
                    raise HTTPException(413)
            return message

        await self._app(scope, receive_limited, send)


def _host(scope: Scope) -> str:
    return Headers(scope=scope).get("host", "")


def _request_id(headers: Headers) -> str:
    """A proxy's id for the request if it looks like one, else a new one."""
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else uuid4().hex
