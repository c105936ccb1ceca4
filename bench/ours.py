"""Hotline as it is run: database, switch, controller, records and all."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from sqlalchemy import insert, select, text, update

from bench.contender import (
    CALLERS,
    GREETED,
    OFFERED,
    PHONES,
    PLAIN,
    QUEUE_AGENTS,
    QUEUED,
    Contender,
    agent_number,
)
from bench.cpu import cpu_seconds
from bench.floor import QueuePlan, open_queue
from hotline.db.database import Database
from hotline.hotlines.models import hotlines
from hotline.jobs.queue import JobQueue
from hotline.kit.clock import SystemClock
from hotline.kit.errors import HotlineError
from hotline.kit.ids import new_id
from hotline.prompts.models import prompts
from hotline.samples import SampleDestination, SampleEnterprise, SampleGroup, SampleHotline
from hotline.seeds import SeedTools, plant
from hotline.settings import Settings
from hotline.staff.passwords import Passwords
from hotline.wiring import home_of, open_database, reachable_database_url, speech

_START_SECONDS = 120
_STOP_SECONDS = 60
_SETTLE_SECONDS = 300
_IDLE_SECONDS = 0.3
"""CPU in two seconds that still counts as rest."""
_PROGRAM = str(Path(sys.executable).with_name("hotline"))


def _company(name: str, *lines: SampleHotline) -> SampleEnterprise:
    number = agent_number(1)
    return SampleEnterprise(
        name=name,
        destinations=(SampleDestination(number, "压测"),),
        groups=(SampleGroup("压测", "priority", (number,)),),
        hotlines=lines,
    )


_COMPANIES = (
    _company(
        "压测公司",
        SampleHotline(GREETED, "问候并录音", "压测", "您好", recording=True),
        SampleHotline(PLAIN, "直接呼转", "压测", "您好"),
        SampleHotline(QUEUED, "问候并排队", "压测", "您好", recording=True),
    ),
    _company("排队公司", SampleHotline(OFFERED, "只排队", "压测", "您好")),
)


class Hotline(Contender):
    name = "hotline"

    def __init__(self, home: Path, tools: Path, spoken: Sequence[Path], *ports: int) -> None:
        """``ports``: for SIP, for ARI and for the API."""
        sip_port, ari_port, http_port = ports
        self.sip = ("127.0.0.1", sip_port)
        self._spoken = spoken
        self._environment = {
            "HOTLINE_HOME": str(home),
            "HOTLINE_TOOLS": str(tools),
            "HOTLINE_HTTP": f"127.0.0.1:{http_port}",
            "HOTLINE_SIP": f"127.0.0.1:{sip_port}",
            "HOTLINE_ARI": f"127.0.0.1:{ari_port}",
            "HOTLINE_RTP": "40000-46999",
            # As the switch alone keeps them. Making them small is work for quiet moments after the
            # call, which a comparison of calls must not count on one side only.
            "HOTLINE_RECORDING_FORMAT": "wav",
        }
        self._settings = Settings(home=home, tools=tools)
        self._home = home_of(self._settings)
        self._log = home.parent / "hotline.out"
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        self._serve()
        database = await self._database()
        try:
            await self._found_company(database)
            await self._greet(database)
            plan = QueuePlan(QUEUED, agents=QUEUE_AGENTS, greeted=True, recording=True)
            await open_queue(database, plan)
            self._carrier("phones", *PHONES)
            self._carrier("callers", *CALLERS)
            await self.announced(database)
        finally:
            await database.close()
        await self._settled()

    async def _settled(self) -> None:
        """Until the first start's work (stock announcements are spoken) is done."""
        for _ in range(_SETTLE_SECONDS // 2):
            before = cpu_seconds(self._pid)
            await asyncio.sleep(2)
            if cpu_seconds(self._pid) - before < _IDLE_SECONDS:
                return
        raise SystemExit(f"Hotline did not come to rest within {_SETTLE_SECONDS} s")

    async def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            await asyncio.to_thread(self._process.wait, _STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    async def _found_company(self, database: Database) -> None:
        voices = speech(self._settings, self._home)
        tools = SeedTools(SystemClock(), voices, JobQueue(), Passwords())
        try:
            await plant(database, _COMPANIES, tools)
        finally:
            await voices.close()

    def _serve(self) -> None:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [_PROGRAM, "serve"],
                env={**os.environ, **self._environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for the bench, which then stops it in order.
                start_new_session=True,
            )

    @property
    def _pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def _has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def parts(self) -> dict[str, list[int]]:
        switch = int((self._home.switch / "run" / "hotline-switch.pid").read_text())
        database = int((self._home.pg / "data" / "postmaster.pid").read_text().split()[0])
        return {"controller": [self._pid], "switch": [switch], "database": [database]}

    def database(self) -> Database:
        """Its own; the caller closes it."""
        return open_database(reachable_database_url(self._settings, self._home), self._home)

    async def _database(self) -> Database:
        """Its own, once it is up."""
        deadline = asyncio.get_running_loop().time() + _START_SECONDS
        while True:
            with suppress(HotlineError, OSError):
                if b"Worker" in self._log.read_bytes():
                    return self.database()
            if asyncio.get_running_loop().time() > deadline or self._has_ended:
                raise SystemExit(f"Hotline did not start:\n{self._log.read_text()}")
            await asyncio.sleep(0.2)

    async def _greet(self, database: Database) -> None:
        """Greeting and recording notice, as if uploaded."""
        sounds = [sound.read_bytes() for sound in self._spoken]
        async with database.platform() as session:
            found = await session.execute(
                select(hotlines.c.enterprise_id).where(hotlines.c.number == GREETED)
            )
            enterprise = found.scalar_one()
            greeting, notice = [new_id() for _ in sounds]
            for prompt, sound in zip((greeting, notice), sounds, strict=True):
                await session.execute(
                    insert(prompts).values(
                        id=prompt,
                        enterprise_id=enterprise,
                        name=str(prompt),
                        kind="upload",
                        status="ready",
                        content_hash=self._keep(sound, prompt),
                        duration_ms=len(sound) // 8,
                    )
                )
            await session.execute(
                update(hotlines)
                .where(hotlines.c.number.in_((GREETED, QUEUED)))
                .values(greeting_prompt_id=greeting, recording_notice_prompt_id=notice)
            )
            await session.execute(
                update(hotlines)
                .where(hotlines.c.number.in_((PLAIN, OFFERED)))
                .values(greeting_prompt_id=None)
            )

    def _keep(self, sound: bytes, name: UUID) -> str:
        """Put ``sound`` where prompts are; its hash."""
        content = hashlib.sha256(name.bytes + sound).hexdigest()
        place = self._home.sounds / content[:2] / f"{content}.alaw"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(sound)
        return content

    def _carrier(self, name: str, host: str, port: int) -> None:
        subprocess.run(
            [_PROGRAM, "carrier", "add", name, host, "--port", str(port)],
            env={**os.environ, **self._environment},
            stdout=subprocess.DEVNULL,
            check=True,
        )

    async def announced(self, database: Database) -> None:
        """Until the switch knows that the carrier answers."""
        for _ in range(150):
            async with database.platform() as session:
                found = await session.execute(
                    text(
                        "select reachable from carrier_health h join carriers c "
                        "on c.id = h.carrier_id where c.name = 'phones'"
                    )
                )
                if found.scalar():
                    return
            await asyncio.sleep(0.2)
        raise SystemExit("the bench's phones are not reachable as a carrier")
