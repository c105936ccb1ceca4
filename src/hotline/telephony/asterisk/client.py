"""A thin client of Asterisk's REST interface (ARI) over WebSockets.

Requests, their answers and events share a connection. Events are handed, as they come, to
whoever listens for a resource's id; so choose the id, listen, then send the command. Nothing
here knows of calls.

The switch carries out what one connection tells it one after the other, and for a variable it
waits until the channel's own thread has set it: on a busy machine all other calls with it. So
there may be lanes, more connections. While the answers are late, commands that need keep their
order among a resource's own only go by these.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex
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

Lane: TypeAlias = Socket

CONNECT_TIMEOUT = 5.0
CLOSE_TIMEOUT = 1.0
FILTER_TIMEOUT = 2.0
REQUEST_TIMEOUT = 5.0
LATE = 0.2
"""Seconds after which a command without an answer shows that the switch does not keep up."""
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


@dataclass(frozen=True, slots=True)
class _Unawaited:
    """A command whose answer nobody waits for."""

    command: str
    on_refused: Refused | None
    sent_at: float
    """By the loop's clock."""


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
    each ``beat``. The connection has ``lanes`` beside it, which come and go with it.
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
        lanes: int = 0,
    ) -> None:
        self.app = app
        self.application = path("applications", app)
        """Of the requests about it."""
        self._url = url.rstrip("/").replace("http", "ws", 1) + "/ari/events?"
        self._username, self._password = username, password
        address = urlsplit(url)
        self._http = AriHttp(address.hostname or "", address.port or 80, username, password)
        self._events = None if events is None else sorted({*events, "RESTResponse"})
        self._patience = patience
        self._beat = beat or Beat()
        self._socket: Socket | None = None
        self._lane_count = lanes
        self._lanes: list[Socket] = []
        self._ready = asyncio.Event()
        self._lost = asyncio.Event()
        self._pending: dict[str, asyncio.Future[Any]] = {}
        self._unawaited: dict[str, _Unawaited] = {}
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
        while len(self._lanes) < self._lane_count:
            # A name nobody had before: the switch may let go of one when the end of the connection
            # that had it comes to its notice.
            self._lanes.append(await self._open(f"{self.app}-{token_hex(4)}"))
        self._socket = await self._open(self.app)
        if self._events is not None:
            allowed = {"allowed": [{"type": name} for name in self._events]}
            await self._exchange(
                "PUT", f"{self.application}/eventFilter", None, allowed, FILTER_TIMEOUT
            )
        self._ready.set()

    async def _open(self, app: str) -> Socket:
        """A connection under that application's name. Raises SocketRefused."""
        return await Socket.connect(
            self._url + urlencode({"app": app}),
            self._username,
            self._password,
            self._message,
            self._lost.set,
            within=CONNECT_TIMEOUT,
            beat=self._beat,
        )

    def _disconnect(self) -> None:
        self._ready.clear()
        lanes, self._lanes = self._lanes, []
        for lane in lanes:
            lane.close()
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
        beside: Lane | None = None,
    ) -> str:
        """Send without waiting; the command's number. Raises SwitchDown when not connected.

        A refusal goes to ``on_refused``, or else to the log. Commands are carried out in the order
        sent, awaited or not; but those ``beside`` others only in the order of that lane's. A lane
        of an earlier connection is none: what was sent by it is over.
        """
        number = str(next(self._numbers))
        now = asyncio.get_running_loop().time()
        self._unawaited[number] = _Unawaited(f"{method} {uri}", on_refused, now)
        way = beside if beside in self._lanes else self._socket
        self._write(way, number, _command(method, uri, query, body))
        return number

    def is_carried_out(self, number: str) -> bool:
        """Whether the command of that number, which nobody awaits, has had its answer."""
        return number not in self._unawaited

    def lane(self, resource_id: str) -> Lane | None:
        """Beside what a resource's commands can be sent now; None while the switch keeps up."""
        oldest = next(iter(self._unawaited.values()), None)
        if oldest is None or not self._lanes:
            return None
        if asyncio.get_running_loop().time() - oldest.sent_at < LATE:
            return None
        return self._lanes[hash(resource_id) % len(self._lanes)]

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
            self._write(self._socket, number, _command(method, uri, query, body))
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

    def _write(self, way: Socket | None, number: str, command: dict[str, object]) -> None:
        if way is None or not way.is_open:
            self._unawaited.pop(number, None)
            raise SwitchDown("no connection to the switch")
        way.send(orjson.dumps({"type": "RESTRequest", "request_id": number, **command}))

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
        sent = self._unawaited.pop(number, None)
        status: int = message["status_code"]
        if status < 400 or sent is None:
            return
        if sent.on_refused is not None:
            sent.on_refused(_refusal(message, sent.command))
            return
        # A channel that went away in the meantime is everyday life, not trouble.
        level = log.debug if status in {404, 409, 412} else log.warning
        level("ari.refused", command=sent.command, status=status)


def path(*parts: str) -> str:
    """Join ids into a request path, each made safe."""
    return "/".join(quote(part, safe="") for part in parts)


def _command(
    method: str, uri: str, query: Mapping[str, str] | None, body: object
) -> dict[str, object]:
    where = f"{uri}?{urlencode(query, quote_via=quote)}" if query else uri
    command: dict[str, object] = {"method": method, "uri": where}
    if body is not None:
        command["content_type"] = "application/json"
        command["message_body"] = orjson.dumps(body).decode()
    return command


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
