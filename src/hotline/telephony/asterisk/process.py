"""Run one Asterisk: start it or find it running, keep it running, stop it cleanly."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from hotline.kit.clock import Clock, SystemClock
from hotline.kit.errors import UnavailableError
from hotline.processes import ended
from hotline.telephony.asterisk.configuration import (
    SwitchConfiguration,
    has_registrations,
    write_carriers,
    write_configuration,
)
from hotline.telephony.asterisk.console import registrations, say
from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.asterisk.log_files import keep_small
from hotline.telephony.asterisk.management import Management, ManagementUnreachable
from hotline.telephony.asterisk.sip import Carrier
from hotline.telephony.asterisk.steering import Steering

_log = structlog.get_logger(__name__)
_POLL = 0.05
_READY_WITHIN = 30.0
_STOP_WITHIN = 8.0
_FIRST_BACK_OFF, _LONGEST_BACK_OFF = 0.5, 30.0
_STEADY = 60.0
"""After running so long the back-off begins anew."""


class PortTakenError(UnavailableError):
    error_id = "port-taken"
    title = "Another program listens where the switch should"


class SwitchNotStartedError(UnavailableError):
    error_id = "switch-not-started"
    title = "The switch did not start"


class SwitchProcess:
    """The supervisor of one Asterisk process.

    The process outlives a killed controller, so that calls go on: the next ``start`` with the same
    home finds and takes over the one that runs. With ``dies_with_us`` it ends with our process
    instead (tests, the demo carrier).
    """

    def __init__(
        self,
        configuration: SwitchConfiguration,
        installation: Installation,
        extensions: str,
        *,
        clock: Clock | None = None,
        dies_with_us: bool = False,
        steered: bool = False,
    ) -> None:
        """``extensions`` is the text of its dialplan; ``steered`` calls stay on one core each,
        where the system allows it (``steering.py``)."""
        self.configuration = configuration
        self.management = Management(
            configuration.ari.host,
            configuration.ari.port,
            configuration.ari_user,
            configuration.ari_password,
        )
        self.restarts = 0
        """How often it had to be started again since :meth:`start`."""
        self._installation = installation
        self._extensions = extensions
        self._clock = clock or SystemClock()
        self._dies_with_us = dies_with_us
        main_file = configuration.main_file
        self._steering = Steering(installation, main_file) if steered else None
        self._pid: int | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def pid(self) -> int | None:
        """The running process; None between a death and the restart."""
        return self._pid

    async def start(self) -> None:
        """Return when the switch serves ARI.

        Raises PortTakenError, SwitchNotStartedError.
        """
        write_configuration(self.configuration, self._installation, self._extensions)
        self._stopping = False
        self._pid = self._running_pid()
        if self._pid is not None and await self._answers():
            _log.info("switch.taken_over", pid=self._pid, node=self.configuration.node)
            await self.management.reload("res_pjsip.so")
            await self.management.reload("pbx_config.so")
        else:
            if self._pid is not None:
                await _end(self._pid)
            self._refuse_taken_ports()
            await self._launch()
        self._keeper = asyncio.create_task(self._watch(), name="switch-keeper")

    async def stop(self) -> None:
        """End the process, at most ``8`` seconds gently; harmless when it does not run."""
        self._stopping = True
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None
        if self._pid is not None:
            await _end(self._pid)
            self._pid = None

    async def release(self) -> None:
        """Stop watching the process but leave it running, with its calls."""
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def registrations(self) -> dict[str, bool]:
        """Carrier → whether it has let us in, for those at which the switch registers.

        Empty while the switch cannot be asked.
        """
        if not has_registrations(self.configuration):
            return {}
        try:
            said = await say(
                self._installation, self.configuration.main_file, "pjsip list registrations"
            )
        except ManagementUnreachable as error:
            _log.warning("switch.registrations_unknown", error=str(error))
            return {}
        return registrations(said)

    async def use_carriers(self, carriers: Sequence[Carrier]) -> bool:
        """Serve these carriers from now on; running calls are not touched. False: it did already.

        Raises ManagementUnreachable while the switch restarts (it then starts with them).
        """
        changed = write_carriers(self.configuration, carriers)
        if changed:
            await self.management.reload("res_pjsip.so")
        return changed

    # ------------------------------------------------------------ keeping it alive

    async def _watch(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep())
            tasks.create_task(keep_small(self.configuration.log, self.management, self._clock))
            if self._steering is not None:
                tasks.create_task(self._steering.keep(lambda: self._pid, self._clock))

    async def _keep(self) -> None:
        back_off = _FIRST_BACK_OFF
        while True:
            began = self._clock.monotonic()
            if self._pid is not None:
                await _death(self._pid)
                _log.error("switch.died", pid=self._pid, log=str(self.configuration.log))
                self._pid = None
            if self._clock.monotonic() - began > _STEADY:
                back_off = _FIRST_BACK_OFF
            await self._clock.sleep(back_off)
            back_off = min(back_off * 2, _LONGEST_BACK_OFF)
            try:
                await self._launch()
            except (SwitchNotStartedError, OSError) as error:
                _log.error("switch.not_restarted", error=str(error), again_in=back_off)
            else:
                self.restarts += 1
                _log.info("switch.restarted", pid=self._pid, restarts=self.restarts)

    async def _launch(self) -> None:
        configuration = self.configuration
        output = configuration.log.parent / "output.log"
        self._pid_file.unlink(missing_ok=True)
        pid = self._pid = _spawn(self._command(), output)
        self._pid_file.write_text(str(pid))
        deadline = self._clock.monotonic() + _READY_WITHIN
        while not await self._answers():
            ended = _is_over(pid)
            if ended or self._clock.monotonic() > deadline:
                await _end(pid)
                self._pid = None
                raise SwitchNotStartedError(
                    f"it {'ended' if ended else 'did not answer'}; "
                    f"see {configuration.log} and {output}: {_tail(configuration.log)}"
                )
            await self._clock.sleep(_POLL)

    def _command(self) -> list[str]:
        command = [*self._installation.command, "-f", "-C", str(self.configuration.main_file)]
        setpriv = shutil.which("setpriv") if self._dies_with_us else None
        return [setpriv, "--pdeathsig", "KILL", *command] if setpriv else command

    async def _answers(self) -> bool:
        try:
            return await self.management.is_ready()
        except ManagementUnreachable:
            return False

    # ------------------------------------------------------------ what runs already

    @property
    def _pid_file(self) -> Path:
        return self.configuration.run / "hotline-switch.pid"

    def _running_pid(self) -> int | None:
        """The process of an earlier controller on the same home, if it is still there."""
        try:
            pid = int(self._pid_file.read_text())
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return pid if str(self.configuration.main_file).encode() in command else None

    def _refuse_taken_ports(self) -> None:
        sip, ari = self.configuration.sip, self.configuration.ari
        for address, kind, setting in (
            (sip, socket.SOCK_DGRAM, "HOTLINE_SIP"),
            (sip, socket.SOCK_STREAM, "HOTLINE_SIP"),
            (ari, socket.SOCK_STREAM, "HOTLINE_ARI"),
        ):
            family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
            with socket.socket(family, kind) as probe:
                if kind == socket.SOCK_STREAM:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((address.host, address.port))
                except OSError as error:
                    raise PortTakenError(
                        f"{address} cannot be used ({error.strerror}); "
                        f"choose another by the setting {setting}"
                    ) from error


def _spawn(command: list[str], output: Path) -> int:
    """A child that no event loop owns: it goes on when a loop or our process ends."""
    append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    return os.posix_spawn(
        command[0],
        command,
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(output), append, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )


def _is_over(pid: int) -> bool:
    """Whether the process has ended; a child of ours is then reaped."""
    with suppress(ChildProcessError):
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    return not Path(f"/proc/{pid}").exists()


async def _death(pid: int) -> None:
    """Wait until the process is no more, a child of ours or not."""
    if not _is_over(pid):
        await ended(pid)
        _is_over(pid)


async def _end(pid: int) -> None:
    """SIGTERM, then SIGKILL; returns when it is gone."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        with suppress(TimeoutError):
            async with asyncio.timeout(_STOP_WITHIN):
                await _death(pid)
                return


def _tail(path: Path, lines: int = 3) -> str:
    with suppress(OSError):
        return " | ".join(path.read_text(errors="replace").splitlines()[-lines:])
    return "(no log)"
