"""What we measure against: the switch alone, with a dialplan of its own and nothing else.

Its queue is the switch's own ``app_queue``. Each agent is an endpoint of its own, as the queue
tells by an endpoint's state whether somebody is free.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Sequence
from http.client import HTTPConnection
from pathlib import Path

from bench.contender import (
    GREETED,
    PHONES,
    PLAIN,
    QUEUE_AGENTS,
    QUEUED,
    Contender,
    agent_number,
    carriers,
)
from hotline.telephony.asterisk.configuration import Address, SwitchConfiguration
from hotline.telephony.asterisk.installation import find_installation
from hotline.telephony.asterisk.process import SwitchProcess
from hotline.telephony.asterisk.sip import Carrier

_QUEUE = "agents"


def native_dialplan(spoken: Sequence[Path], spool: Path) -> str:
    """Greeting, recording, Dial; Dial alone; greeting and a queue that records."""
    words = "&".join(str(sound.with_suffix("")) for sound in spoken)
    phone = f"PJSIP/{agent_number(1)}@phones"
    return f"""
[from-carrier]
exten => {GREETED},1,Answer()
 same => n,Playback({words})
 same => n,MixMonitor({spool}/${{UNIQUEID}}.wav,b)
 same => n,Dial({phone},25)
 same => n,Hangup()
exten => {PLAIN},1,Dial({phone},25)
 same => n,Hangup()
exten => {QUEUED},1,Answer()
 same => n,Playback({words})
 same => n,Set(MONITOR_FILENAME={spool}/${{UNIQUEID}})
 same => n,Queue({_QUEUE})
 same => n,Hangup()
"""


def queues_conf() -> str:
    """One queue: whoever was idle longest is rung, nobody has two calls, talks are recorded."""
    members = "".join(
        f"member => PJSIP/{agent_number(n)}@{_agent(n)},0,,PJSIP/{_agent(n)}\n"
        for n in range(1, QUEUE_AGENTS + 1)
    )
    return f"""
[general]
persistentmembers=no
[{_QUEUE}]
strategy=leastrecent
musicclass=default
timeout=20
retry=1
wrapuptime=0
ringinuse=no
autofill=yes
announce-frequency=0
monitor-type=MixMonitor
monitor-format=wav
{members}"""


def _agent(place: int) -> str:
    return f"agent-{place}"


def _agents() -> tuple[Carrier, ...]:
    places = range(1, QUEUE_AGENTS + 1)
    return tuple(Carrier(name=_agent(n), host=PHONES[0], port=PHONES[1]) for n in places)


class Native(Contender):
    name = "native"

    def __init__(
        self, home: Path, tools: Path, spoken: Sequence[Path], sip_port: int, ari_port: int
    ) -> None:
        spool = home / "spool"
        configuration = SwitchConfiguration(
            node="native",
            home=home,
            sip=Address("127.0.0.1", sip_port),
            ari=Address("127.0.0.1", ari_port),
            rtp=(40000, 46999),
            sounds=home / "sounds",
            spool=spool,
            carriers=(*carriers(PHONES), *_agents()),
        )
        self._process = SwitchProcess(
            configuration,
            find_installation(tools),
            native_dialplan(spoken, spool),
            dies_with_us=True,
        )
        self.sip = ("127.0.0.1", sip_port)

    async def start(self) -> None:
        await self._process.start()
        (self._process.configuration.conf / "queues.conf").write_text(queues_conf())
        await asyncio.to_thread(self._load, "app_queue.so")

    def _load(self, module: str) -> None:
        """Into the running switch: Hotline's own does without it."""
        of = self._process.configuration
        connection = HTTPConnection(of.ari.host, of.ari.port, timeout=10)
        secret = b64encode(f"{of.ari_user}:{of.ari_password}".encode()).decode()
        try:
            connection.request(
                "POST",
                f"/ari/asterisk/modules/{module}",
                headers={"Authorization": f"Basic {secret}"},
            )
            status = connection.getresponse().status
        finally:
            connection.close()
        if status != 204:
            raise SystemExit(f"the switch did not load {module}: {status}; see {of.log}")

    async def stop(self) -> None:
        await self._process.stop()

    def parts(self) -> dict[str, list[int]]:
        return {"switch": [self._process.pid] if self._process.pid else []}
