"""Starting parts in order, watching them, stopping them in reverse; signals; listening sockets."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import structlog
import uvicorn
from starlette.types import ASGIApp

from hotline.kit.clock import Clock
from hotline.kit.errors import ConflictError, HotlineError
from hotline.settings import Address

_log = structlog.get_logger(__name__)
_BACKLOG = 512
_GRACE_SECONDS = 5
_CLEAN_UP_SECONDS, _HURRIED_SECONDS = 12.0, 3.0
_FIRST_PAUSE, _LONGEST_PAUSE, _STEADY = 0.5, 30.0, 60.0  # seconds


class AddressUnusableError(ConflictError):
    error_id = "address-unusable"
    title = "An address we should listen on cannot be used"
    title_zh = "监听地址无法使用"


class PartFailedError(HotlineError):
    error_id = "part-failed"
    title = "A part of Hotline ended by itself"
    title_zh = "Hotline 的某个部分意外结束"


class StopRequest:
    """SIGINT or SIGTERM asks for an orderly stop; a second one no longer waits politely."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self._main: asyncio.Task[Any] | None = None
        self._is_awaited = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take the two signals over inside the block, for the task that runs it.

        A stop asked for while parts still start ends the block quietly.
        """
        loop = asyncio.get_running_loop()
        self._main = asyncio.current_task()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._on_signal)
        try:
            yield
        except (asyncio.CancelledError, HotlineError):
            if not self.asked.is_set():
                raise
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    async def or_failure(self, watched: Watched) -> None:
        """Wait for the request. Raises PartFailedError when a watched part ends before."""
        self._is_awaited = True
        asked = asyncio.create_task(self.asked.wait())
        failed = asyncio.create_task(watched.failure())
        try:
            await asyncio.wait((asked, failed), return_when=asyncio.FIRST_COMPLETED)
            if failed.done():
                failed.result()
        finally:
            asked.cancel()
            failed.cancel()

    def _on_signal(self) -> None:
        if self._main is not None and (self.asked.is_set() or not self._is_awaited):
            # Whatever the start or the stop waits for now is given up; what had started is
            # stopped all the same.
            self._main.cancel()
        self.asked.set()


class Watched:
    """Long-running parts as tasks: the first that ends for good ends the whole."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks[name] = task
        task.add_done_callback(lambda _: self._note_end(name))

    def keep(self, name: str, work: Callable[[], Coroutine[Any, Any, None]], clock: Clock) -> None:
        """As :meth:`start`, but begun again with growing pauses whenever it fails or ends."""
        self.start(name, _kept(name, work, clock))

    async def failure(self) -> None:
        """Wait until a part ends. Raises PartFailedError, from what it raised."""
        name = await asyncio.shield(self._ended)
        task = self._tasks[name]
        problem = None if task.cancelled() else task.exception()
        _log.error("part.failed", part=name, exc_info=problem)
        raise PartFailedError(f"{name}: {problem or 'it returned'}") from problem

    async def stop(self, name: str) -> None:
        """Cancel one part and wait for its own clean-up; harmless when it is over.

        One that waits for what is not there any more, a database say, is hurried after a while.
        """
        task = self._tasks.pop(name, None)
        if task is None:
            return
        for patience in (_CLEAN_UP_SECONDS, _HURRIED_SECONDS):
            task.cancel()
            with suppress(asyncio.CancelledError):
                _, running = await asyncio.wait([task], timeout=patience)
                if not running:
                    return
            _log.warning("part.slow_to_stop", part=name)

    def _note_end(self, name: str) -> None:
        if name in self._tasks and not self._ended.done():
            self._ended.set_result(name)


async def _kept(name: str, work: Callable[[], Coroutine[Any, Any, None]], clock: Clock) -> None:
    pause = _FIRST_PAUSE
    while True:
        began = clock.monotonic()
        try:
            await work()
            # The job queue's worker, for one, ends quietly when the database goes away.
            _log.error("part.returned", part=name, again_in=pause)
        except Exception:  # noqa: BLE001 - the supervisor's edge; it is logged
            _log.exception("part.failed", part=name, again_in=pause)
        if clock.monotonic() - began > _STEADY:
            pause = _FIRST_PAUSE
        await clock.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def listen(address: Address, setting: str) -> socket.socket:
    """A listening TCP socket. Raises AddressUnusableError naming the setting to change."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address.host, address.port))
        sock.listen(_BACKLOG)
        sock.setblocking(False)
    except OSError as error:
        sock.close()
        reason = "it is taken by another program" if error.errno == errno.EADDRINUSE else error
        raise AddressUnusableError(f"{address}: {reason}; choose another with {setting}") from error
    return sock


class WebServer:
    """Uvicorn on a socket that is ours, started and stopped by us, without signal handlers."""

    def __init__(self, app: ASGIApp, sock: socket.socket) -> None:
        self._socket = sock
        self._server = _SilentServer(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="on",
                ws="websockets-sansio",
                server_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )

    async def run(self) -> None:
        """Serve until cancelled; requests under way get a few seconds to end."""
        serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            self._server.leave()
            try:
                await asyncio.shield(serving)
            except asyncio.CancelledError:
                self._server.force_exit = True
                await serving
            raise
        finally:
            self._socket.close()

    async def started(self) -> None:
        """Wait until it takes requests."""
        await self._server.ready.wait()


class _SilentServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self._leaving = asyncio.Event()

    def leave(self) -> None:
        self.should_exit = True
        self._leaving.set()

    async def main_loop(self) -> None:
        """Once a second, for the date in the headers, where uvicorn's own looks ten times."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await self._leaving.wait()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to StopRequest."""
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Never called: no signal is captured."""


def kill_if_alive(pid: int | None, what: str) -> None:
    """The last resort for a process of ours that a hurried stop left behind."""
    if pid is None:
        return
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        _log.warning("process.killed", what=what, pid=pid)
