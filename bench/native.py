"""What we measure against: the switch alone, with a dialplan of its own and nothing else."""

from __future__ import annotations

from pathlib import Path

from bench.contender import GREETED, PHONES, PLAIN, Contender, carriers
from hotline.telephony.asterisk.configuration import Address, SwitchConfiguration
from hotline.telephony.asterisk.installation import find_installation
from hotline.telephony.asterisk.process import SwitchProcess


def native_dialplan(greeting: Path, spool: Path) -> str:
    """Greeting, recording, Dial; and Dial alone."""
    phone = "PJSIP/13900000001@phones"
    return f"""
[from-carrier]
exten => {GREETED},1,Answer()
 same => n,Playback({greeting.with_suffix("")})
 same => n,MixMonitor({spool}/${{UNIQUEID}}.wav,b)
 same => n,Dial({phone},25)
 same => n,Hangup()
exten => {PLAIN},1,Dial({phone},25)
 same => n,Hangup()
"""


class Native(Contender):
    name = "native"

    def __init__(
        self, home: Path, tools: Path, greeting: Path, sip_port: int, ari_port: int
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
            carriers=carriers(PHONES),
        )
        self._process = SwitchProcess(
            configuration,
            find_installation(tools),
            native_dialplan(greeting, spool),
            dies_with_us=True,
        )
        self.sip = ("127.0.0.1", sip_port)

    async def start(self) -> None:
        await self._process.start()

    async def stop(self) -> None:
        await self._process.stop()

    def parts(self) -> dict[str, list[int]]:
        return {"switch": [self._process.pid] if self._process.pid else []}
