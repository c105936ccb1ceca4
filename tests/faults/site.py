"""A Hotline of its own, started as its owner would start it, whose parts a test may hurt."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row
from sqlalchemy.engine import URL

from hotline.db.embedded import EmbeddedPostgres
from hotline.db.migrate import migrate
from hotline.home import Home
from hotline.settings import Address, Settings
from hotline.telephony.asterisk.configuration import Address as SwitchAddress
from hotline.telephony.asterisk.configuration import SwitchConfiguration
from hotline.telephony.asterisk.sip import HEALTH
from hotline.telephony.world.carrier import world_configuration
from hotline.wiring import role_passwords
from tests.faults.company import found_company
from tests.switch.conftest import LoopbackPair

_PROGRAM = Path(sys.executable).with_name("hotline")
_START_WITHIN = 20.0
_POLL = 0.05


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of a call."""

    call: dict[str, Any]
    legs: list[dict[str, Any]]
    events: list[str]
    recordings: list[dict[str, Any]]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.call[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def talk_seconds(self) -> float:
        return float(self.call["talk_ms"]) / 1000


class Site:
    """The state folder, the addresses and the controller's process of one Hotline.

    Its database exists before and beside it, so that a test can look into it at any time.
    """

    def __init__(self, folder: Path, hosts: LoopbackPair, **settings: str) -> None:
        """``settings`` are added to the environment, e.g. ``HOTLINE_ARI_URL``."""
        self.hosts = hosts
        self.home = Home(folder / "h")
        self.home.create()
        self.database = EmbeddedPostgres(self.home.pg)
        self._owner: URL = self.database.start()
        self._owner = self.database.create_database("hotline")
        migrate(self._owner, role_passwords(self.home))
        found_company(self._owner, self.home.sounds, hosts)
        self._settings = {
            "HOTLINE_HOME": str(self.home.root),
            "HOTLINE_HTTP": f"{hosts.switch}:8400",
            "HOTLINE_SIP": f"{hosts.switch}:5060",
            "HOTLINE_ARI": f"{hosts.switch}:8088",
            "HOTLINE_VOICE_PROVIDER": "espeak",
            **settings,
        }
        self._controller: subprocess.Popen[bytes] | None = None
        self.began = datetime.min.replace(tzinfo=UTC)
        """What happened before is of other tests, or of an earlier try of this one."""
        self.outside = world_configuration(
            folder / "w",
            sip=SwitchAddress(hosts.carrier, 5060),
            ari=SwitchAddress(hosts.carrier, 8088),
            hotline=SwitchAddress(hosts.switch, 5060),
        )
        """The switch of the outside world that reaches this Hotline."""

    # ------------------------------------------------------------ the controller

    def set(self, **settings: str) -> None:
        """Settings for the next start."""
        self._settings |= settings

    @property
    def settings(self) -> Settings:
        """As the controller reads them."""
        return Settings(
            home=self.home.root,
            http=Address(self.hosts.switch, 8400),
            sip=Address(self.hosts.switch, 5060),
            ari=Address(self.hosts.switch, 8088),
        )

    @property
    def origin(self) -> str:
        """Where browsers find it."""
        return f"http://{self.hosts.switch}:8400"

    @property
    def owner_url(self) -> URL:
        return self._owner

    def start(self) -> None:
        """Return when it takes calls."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE")}
        tools = {key: os.environ[key] for key in ("HOTLINE_TOOLS",) if key in os.environ}
        console = self.home.root / "console.log"
        with console.open("wb") as output:
            self._controller = subprocess.Popen(
                [str(_PROGRAM), "serve"],
                env={**kept, **tools, **self._settings},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.home.root,
                start_new_session=True,
            )
        self._until(lambda: "Started in" in console.read_text(), console)
        self._until(self.is_ready, console)

    def kill(self) -> None:
        """End the controller as a crash would; switch and database go on."""
        assert self._controller is not None
        self._controller.kill()
        self._controller.wait()
        self._controller = None

    def stop(self) -> int:
        """End everything as Ctrl-C would; the exit status."""
        assert self._controller is not None
        self._controller.send_signal(signal.SIGINT)
        status = self._controller.wait(30)
        self._controller = None
        return status

    def clear(self) -> None:
        """Leave nothing running, whatever a test has done."""
        if self._controller is not None:
            with suppress(subprocess.TimeoutExpired):
                self.stop()
        if self._controller is not None:
            self.kill()
        with suppress(ProcessLookupError, FileNotFoundError, ValueError):
            os.kill(self.switch_pid, signal.SIGKILL)
        self.database.stop()

    def _until(self, condition: Callable[[], bool], console: Path) -> None:
        deadline = time.monotonic() + _START_WITHIN
        assert self._controller is not None
        while not condition():
            over = self._controller.poll() is not None
            if over or time.monotonic() > deadline:
                raise AssertionError(
                    f"Hotline {'ended' if over else 'hangs'}: {console.read_text()}"
                )
            time.sleep(_POLL)

    def is_ready(self) -> bool:
        """The controller commands the switch, which reaches the carrier and is reached by it."""
        try:
            carriers = {row["name"] for row in self.rows("select name from carriers where enabled")}
            return bool(self.ari("applications")) and all(
                endpoint["state"] == "online"
                for side in (None, self.outside)
                for endpoint in self.ari("endpoints/PJSIP", of=side)
                # Those that were removed stay in our switch's list until it is restarted.
                if side or endpoint["resource"].removesuffix(HEALTH) in carriers
            )
        except OSError:
            return False

    @property
    def controller_pid(self) -> int:
        assert self._controller is not None
        return self._controller.pid

    # ------------------------------------------------------------ the switch

    @property
    def switch_pid(self) -> int:
        return int((self.home.switch / "run" / "hotline-switch.pid").read_text())

    def ari(self, what: str, *, of: SwitchConfiguration | None = None) -> Any:
        """What our switch, or the one of ``of``, says of ``what``. Raises OSError when away."""
        address = of.ari if of else f"{self.hosts.switch}:8088"
        request = urllib.request.Request(f"http://{address}/ari/{what}")
        login = f"hotline:{of.ari_password if of else self.home.derived_secret('ari')}"
        request.add_header("Authorization", f"Basic {base64.b64encode(login.encode()).decode()}")
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310  our own loopback
            return json.load(answer)

    # ------------------------------------------------------------ the database's server

    @property
    def database_pid(self) -> int:
        return int((self.home.pg / "data" / "postmaster.pid").read_text().splitlines()[0])

    def database_pids(self) -> list[int]:
        """The server's processes, the first of all first."""
        server = self.database_pid
        children = Path(f"/proc/{server}/task/{server}/children").read_text()
        return [server, *map(int, children.split())]

    @contextmanager
    def hanging_database(self) -> Iterator[None]:
        """Its processes stand still while the block runs; whoever asks waits."""
        stopped = self.database_pids()
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)

    @contextmanager
    def unreachable_database(self) -> Iterator[None]:
        """It runs, but nobody gets there while the block runs; whoever asks is refused."""
        (door,) = Path(str(self._owner.query["host"])).glob(".s.PGSQL.*[0-9]")
        away = door.with_suffix(".away")
        door.rename(away)
        _, *sessions = self.database_pids()
        for pid in sessions:
            if b"hotline_" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGTERM)
        try:
            yield
        finally:
            away.rename(door)

    def database_answers(self) -> bool:
        try:
            return bool(self.rows("select 1 as one"))
        except psycopg.OperationalError:
            return False

    # ------------------------------------------------------------ what is written down

    def rows(self, statement: str, *parameters: object) -> list[dict[str, Any]]:
        """Ask the database, as its owner, or tell it something."""
        url = self._owner
        with psycopg.connect(
            host=str(url.query["host"]),
            user=url.username,
            dbname=url.database,
            autocommit=True,
            row_factory=dict_row,
        ) as connection:
            found = connection.execute(statement.encode(), parameters)
            return found.fetchall() if found.description else []

    def records(self, caller: str) -> list[Record]:
        """Every record of this test's calls from ``caller``, oldest first."""
        asked = "select * from calls where caller = %s and started_at >= %s order by started_at"
        calls = self.rows(asked, caller, self.began)
        return [self._record(call) for call in calls]

    def _record(self, call: dict[str, Any]) -> Record:
        legs = "select * from call_legs where call_id = %s order by position"
        events = "select type from call_events where call_id = %s order by at, type = 'ended'"
        recordings = "select * from recordings where call_id = %s"
        return Record(
            call,
            self.rows(legs, call["id"]),
            [row["type"] for row in self.rows(events, call["id"])],
            self.rows(recordings, call["id"]),
        )

    async def record(self, caller: str, within: float = 10.0) -> Record:
        """The one complete record of the one call from ``caller``."""
        found: list[Record] = []

        def complete() -> bool:
            found[:] = self.records(caller)
            return bool(found) and all(record.ended_at for record in found)

        await until(complete, within, lambda: f"no complete record of {caller}: {found}")
        assert len(found) == 1, found
        return found[0]

    async def at_rest(self, within: float = 10.0) -> None:
        """Nothing goes on any more and nothing is stuck: in the database, in the switch."""
        left: dict[str, object] = {}

        def resting() -> bool:
            left.clear()
            left.update(
                open_calls=self.rows("select * from calls where ended_at is null"),
                open_legs=self.rows("select * from call_legs where ended_at is null"),
                claims=self.rows("select * from destination_claims"),
                recordings=self.rows("select * from recordings where status <> 'stored'"),
                channels=self.ari("channels"),
                bridges=self.ari("bridges"),
            )
            return not any(left.values())

        await until(resting, within, lambda: f"left over: {left}")


async def until(
    condition: Callable[[], bool], within: float, otherwise: Callable[[], str] = lambda: ""
) -> None:
    """Poll ``condition``; AssertionError with what ``otherwise`` says after ``within`` seconds."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, otherwise()
        await asyncio.sleep(_POLL * 2)
