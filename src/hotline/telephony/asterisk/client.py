"""A thin client of Asterisk's REST interface (ARI) over its one WebSocket.

Requests, their answers and events share a connection. Events are handed, as they come, to
whoever listens for a resource's id; so choose the id, listen, then send the command. Nothing
here knows of calls.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode, urlsplit

import orjson
import structlog

from hotline.telephony.asterisk.beat import Beat
from hotline.telephony.asterisk.http import AriHttp, NoHttpAnswer
from hotline.telephony.asterisk.socket import Socket, SocketRefused
from hotline.telephony.port import SwitchDown

log = structlog.get_logger(__name__)

Event: TypeAlias = dict[str, Any]
"""One ARI event as parsed; its shapes are Asterisk's (rest-api/api-docs/events.json)."""

Listener: TypeAlias = Callable[[Event], None]

CONNECT_TIMEOUT = 5.0
CLOSE_TIMEOUT = 1.0
FILTER_TIMEOUT = 2.0
REQUEST_TIMEOUT = 5.0
FIRST_RETRY = 0.1
LONGEST_RETRY = 5.0
_OWNERS = ("channel", "playback", "bridge", "recording", "peer", "caller")


class AriError(Exception):
    """Asterisk refused a request; ``status`` is the HTTP status of its answer."""

    def __init__(self, status: int, message: str, request: str) -> None:
        super().__init__(f"{request}: {status} {message}")
        self.status = status
        self.message = message


Refused: TypeAlias = Callable[[AriError], None]


class Subscription:
    """A listener's place; ``close`` takes it out. Also a context manager."""

    def __init__(self, listeners: dict[str, list[Listener]], key: str, listener: Listener) -> None:
        self._listeners, self._key, self._listener = listeners, key, listener
        listeners.setdefault(key, []).append(listener)

    def close(self) -> None:
        """Listen no more; calling it twice is harmless."""
        at = self._listeners.get(self._key)
        if at is None:
            return
        with suppress(ValueError):
            at.remove(self._listener)
        if not at:
            self._listeners.pop(self._key, None)

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AriClient:
    """One application's connection to one switch; reconnects until :meth:`run` is cancelled.

    ``url`` is the switch's HTTP address, e.g. ``http://127.0.0.1:8088``. ``events`` names the
    event types wanted; None asks for all. ``patience`` is how many seconds a request waits for
    a lost connection to come back before it raises SwitchDown. Events that come thick are read at
    each ``beat``.
    """

    def __init__(
        self,
        url: str,
        username: str,
        password: str,
        app: str,
        *,
        events: Iterable[str] | None = None,
        patience: float = 3.0,
        beat: Beat | None = None,
    ) -> None:
        self.app = app
        self.application = path("applications", app)
        """Of the requests about it."""
        base = url.rstrip("/").replace("http", "ws", 1)
        self._url = f"{base}/ari/events?" + urlencode({"app": app})
        self._username, self._password = username, password
        address = urlsplit(url)
        self._http = AriHttp(address.hostname or "", address.port or 80, username, password)
        self._events = None if events is None else sorted({*events, "RESTResponse"})
        self._patience = patience
        self._beat = beat or Beat()
        self._socket: Socket | None = None
        self.connections = 0
        """How many there have been: what was sent over an earlier one may not have been read."""
        self._ready = asyncio.Event()
        self._lost = asyncio.Event()
        self._pending: dict[str, asyncio.Future[Any]] = {}
        self._unawaited: dict[str, tuple[str, Refused | None]] = {}
        self._numbers = itertools.count(1)
        self._listeners: dict[str, list[Listener]] = {}
        self._others: list[Listener] = []

    # ------------------------------------------------------------ connection

    @property
    def connected(self) -> bool:
        return self._ready.is_set()

    async def wait_connected(self, within: float | None = None) -> None:
        """Return once connected; SwitchDown when that takes longer than ``within`` seconds."""
        try:
            await asyncio.wait_for(self._ready.wait(), within)
        except TimeoutError:
            raise SwitchDown("no connection to the switch") from None

    async def run(
        self,
        on_connected: Callable[[], Awaitable[None]] | None = None,
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        """Keep connected until cancelled. ``on_connected`` is awaited after each connection."""
        retry = FIRST_RETRY
        try:
            while True:
                try:
                    await self._connect()
                    if on_connected is not None:
                        await on_connected()
                    retry = FIRST_RETRY
                    await self._lost.wait()
                    log.warning("ari.lost", app=self.app)
                except (SocketRefused, AriError, SwitchDown) as error:
                    log.info("ari.not_connected", app=self.app, error=str(error), retry_in=retry)
                self._disconnect()
                if on_lost is not None:
                    on_lost()
                await asyncio.sleep(retry)
                retry = min(retry * 2, LONGEST_RETRY)
        finally:
            socket, self._socket = self._socket, None
            self._disconnect()
            if socket is not None:
                await socket.close_and_wait(CLOSE_TIMEOUT)

    def drop(self) -> None:
        """Cut the connection without a word, as a failing network would; it is made anew."""
        if self._socket is not None:
            self._socket.abort()

    async def _connect(self) -> None:
        self._lost.clear()
        self._socket = await Socket.connect(
            self._url,
            self._username,
            self._password,
            self._message,
            self._lost.set,
            within=CONNECT_TIMEOUT,
            beat=self._beat,
        )
        if self._events is not None:
            allowed = {"allowed": [{"type": name} for name in self._events]}
            await self._exchange(
                "PUT", f"{self.application}/eventFilter", None, allowed, FILTER_TIMEOUT
            )
        self.connections += 1
        self._ready.set()

    def _disconnect(self) -> None:
        self._ready.clear()
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._unawaited.clear()
        pending, self._pending = self._pending, {}
        for answer in pending.values():
            if not answer.done():
                answer.set_exception(SwitchDown("the connection to the switch was lost"))

    # ------------------------------------------------------------ requests

    async def request(
        self,
        method: str,
        uri: str,
        query: Mapping[str, str] | None = None,
        body: object = None,
        *,
        timeout: float = REQUEST_TIMEOUT,  # noqa: ASYNC109  it bounds the answer, not the caller
    ) -> Any:
        """Send and wait for the answer, parsed. Raises AriError, SwitchDown.

        ``uri`` is relative to ``/ari/``; put ids into it with :func:`path`.
        """
        if not self._ready.is_set():
            await self.wait_connected(self._patience)
        return await self._exchange(method, uri, query, body, timeout)

    async def list_all(self, uri: str) -> Any:
        """The answer to a GET, however long it is. Raises AriError, SwitchDown.

        Over HTTP: the switch builds what it sends over a WebSocket on a thread's stack, so that an
        answer of half a megabyte, a thousand channels say, ends its process. Neither before nor
        after the events that come meanwhile.
        """
        await self.wait_connected(self._patience)
        try:
            status, body = await self._http.request("GET", uri)
        except NoHttpAnswer as error:
            raise SwitchDown(f"no answer to GET {uri}: {error}") from error
        return _result({"status_code": status, "message_body": body}, f"GET {uri}")

    def send(
        self,
        method: str,
        uri: str,
        query: Mapping[str, str] | None = None,
        body: object = None,
        *,
        on_refused: Refused | None = None,
    ) -> None:
        """Send without waiting. Raises SwitchDown when not connected.

        A refusal goes to ``on_refused``, or else to the log. Commands reach Asterisk in the order
        sent, awaited or not.
        """
        number = str(next(self._numbers))
        self._unawaited[number] = (f"{method} {uri}", on_refused)
        self._write(number, method, uri, query, body)

    def follow(self, channel_id: str) -> None:
        """Have the channel's events sent also while the application does not have it. Raises
        SwitchDown when not connected."""
        query = {"eventSource": f"channel:{channel_id}"}
        self.send("POST", f"{self.application}/subscription", query)

    async def _exchange(
        self, method: str, uri: str, query: Mapping[str, str] | None, body: object, within: float
    ) -> Any:
        number = str(next(self._numbers))
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[number] = answer
        try:
            self._write(number, method, uri, query, body)
            async with asyncio.timeout(within):
                message = await answer
        except TimeoutError:
            # Asterisk can let go of an application that has just moved to this connection, when
            # it notices the end of the one before; only a new connection heals that.
            self.drop()
            raise SwitchDown(f"no answer to {method} {uri}") from None
        finally:
            self._pending.pop(number, None)
        return _result(message, f"{method} {uri}")

    def _write(
        self, number: str, method: str, uri: str, query: Mapping[str, str] | None, body: object
    ) -> None:
        if self._socket is None or not self._socket.is_open:
            self._unawaited.pop(number, None)
            raise SwitchDown("no connection to the switch")
        message: dict[str, object] = {
            "type": "RESTRequest",
            "request_id": number,
            "method": method,
            "uri": f"{uri}?{urlencode(query, quote_via=quote)}" if query else uri,
        }
        if body is not None:
            message["content_type"] = "application/json"
            message["message_body"] = orjson.dumps(body).decode()
        self._socket.send(orjson.dumps(message))

    # ------------------------------------------------------------ events

    def listen(self, resource_id: str, listener: Listener) -> Subscription:
        """Hand ``listener`` each event about that channel, bridge, playback or recording."""
        return Subscription(self._listeners, resource_id, listener)

    def listen_others(self, listener: Listener) -> None:
        """Hand ``listener`` each event that nobody listens for by id."""
        self._others.append(listener)

    def is_listened_to(self, resource_id: str) -> bool:
        return resource_id in self._listeners

    def _message(self, data: bytes) -> None:
        message: Event = orjson.loads(data)
        if message["type"] == "RESTResponse":
            self._answered(message)
            return
        heard = False
        told: set[str] = set()
        for owner in _OWNERS:
            resource = message.get(owner)
            if resource is None:
                continue
            key = resource.get("id") or resource.get("name")
            listeners = self._listeners.get(key)
            if listeners and key not in told:
                told.add(key)
                heard = True
                self._tell(listeners, message)
        if not heard:
            self._tell(self._others, message)

    def _tell(self, listeners: Iterable[Listener], message: Event) -> None:
        for listener in tuple(listeners):
            try:
                listener(message)
            except Exception:
                # One call's trouble must not cut the connection of all.
                log.exception("ari.listener_failed", app=self.app, type=message["type"])

    def _answered(self, message: Event) -> None:
        number = message.get("request_id", "")
        waiting = self._pending.get(number)
        if waiting is not None:
            if not waiting.done():
                waiting.set_result(message)
            return
        command, on_refused = self._unawaited.pop(number, ("", None))
        status: int = message["status_code"]
        if status < 400 or not command:
            return
        if on_refused is not None:
            on_refused(_refusal(message, command))
            return
        # A channel that went away in the meantime is everyday life, not trouble.
        level = log.debug if status in {404, 409, 412} else log.warning
        level("ari.refused", command=command, status=status)


def path(*parts: str) -> str:
    """Join ids into a request path, each made safe."""
    return "/".join(quote(part, safe="") for part in parts)


def _result(message: Event, request: str) -> Any:
    if message["status_code"] >= 400:
        raise _refusal(message, request)
    body = message.get("message_body")
    if not body:
        return None
    return orjson.loads(body) if isinstance(body, str | bytes) else body


def _refusal(message: Event, request: str) -> AriError:
    text = message.get("reason_phrase", "")
    with suppress(orjson.JSONDecodeError):
        parsed = orjson.loads(message.get("message_body") or "{}")
        text = parsed.get("message", text) if isinstance(parsed, dict) else text
    return AriError(message["status_code"], text, request)
