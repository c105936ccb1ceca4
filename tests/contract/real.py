"""The stage on real switches: ours with the engine's dialplan, and the demo carrier's."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hotline.kit.clock import SystemClock
from hotline.telephony.asterisk.configuration import Address, SwitchConfiguration, SwitchDatabase
from hotline.telephony.asterisk.dialplan import DialplanSettings, extensions_conf
from hotline.telephony.asterisk.engine import AriSwitch, EngineSettings, Registered
from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.asterisk.process import SwitchProcess
from hotline.telephony.asterisk.sip import Carrier
from hotline.telephony.world.carrier import World, world_configuration, world_process
from hotline.telephony.world.listen import tone
from tests.contract.stage import Sounds, Stage
from tests.switch.conftest import free_loopback_pair, running

TRUNK = "world"


@dataclass(frozen=True, slots=True)
class RealPair:
    """Both switches' configurations while they run."""

    switch: SwitchConfiguration
    carrier: SwitchConfiguration
    journal: Path
    registered: Registered | None = None

    def engine(self) -> AriSwitch:
        """A controller's view of our switch; each controller makes its own."""
        return AriSwitch(
            EngineSettings(
                node=self.switch.node,
                url=f"http://{self.switch.ari}",
                username=self.switch.ari_user,
                password=self.switch.ari_password,
                sounds=self.switch.sounds,
                journal=self.journal,
                recordings=self.switch.home / "spool" / "recording",
            ),
            SystemClock(),
            self.registered,
        )


def music_on_hold(folder: Path) -> Path:
    """Write what is played to those on hold."""
    return tone(folder / "music.alaw", [1270, 770, 1130], 3.0)


@contextmanager
def real_pair(
    folder: Path,
    installation: Installation,
    database: SwitchDatabase | None = None,
    others: Sequence[Carrier] = (),
) -> Iterator[RealPair]:
    """Start both, in ``folder`` (short: it holds Unix sockets); SIP accounts need ``database``.
    ``others`` are carriers besides the world."""
    hosts = free_loopback_pair()
    journal = folder / "journal"
    for made in (journal, folder / "sounds", folder / "spool", folder / "music"):
        made.mkdir()
    music_on_hold(folder / "music")
    switch = SwitchConfiguration(
        node="test",
        home=folder / "s",
        sip=Address(hosts.switch, 5060),
        ari=Address(hosts.switch, 8088),
        sounds=folder / "sounds",
        spool=folder / "spool",
        music=folder / "music",
        carriers=[Carrier(name=TRUNK, host=hosts.carrier), *others],
        database=database,
    )
    carrier = world_configuration(
        folder / "w",
        sip=Address(hosts.carrier, 5060),
        ari=Address(hosts.carrier, 8088),
        hotline=switch.sip,
    )
    dialplan = extensions_conf(DialplanSettings(sounds=switch.sounds, journal=journal))
    with contextlib.ExitStack() as stack:
        # The carrier first: what does not answer when the switch begins is not called for a while.
        stack.enter_context(running(world_process(carrier, installation)))
        stack.enter_context(
            running(SwitchProcess(switch, installation, dialplan, dies_with_us=True))
        )
        yield RealPair(switch, carrier, journal)


@asynccontextmanager
async def real_stage(pair: RealPair, sounds: Sounds, recordings: Path) -> AsyncIterator[Stage]:
    """One test's stage, without a controller yet."""
    async with World(pair.carrier, trunk=TRUNK) as world:
        yield Stage(pair.engine, world, SystemClock(), sounds, recordings, exact=False)
