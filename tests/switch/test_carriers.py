"""Carriers by registration, and carriers that change while people talk."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.contract.conftest import sounds
from tests.contract.real import TRUNK, RealPair, real_stage
from tests.contract.stage import Sounds, Stage, connected
from tests.switch.conftest import free_loopback_pair, running

from hotline.telephony.asterisk.configuration import (
    CARRIERS_FILE,
    Address,
    SwitchConfiguration,
)
from hotline.telephony.asterisk.console import say
from hotline.telephony.asterisk.dialplan import DialplanSettings, extensions_conf
from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.asterisk.process import SwitchProcess
from hotline.telephony.asterisk.sip import HEALTH, Carrier, CarrierKind, SipSettings
from hotline.telephony.world.carrier import world_configuration, world_process

__all__ = ["sounds"]

_EXTENSION = re.compile(rb"""[:"<]x[ga]?c?r?[1n]["@>]""")
"""One of CONNECT_CONTEXT where SIP has a person."""
_SECRET = "not-guessed"
_REGISTRAR = f"""\
[hotline]
type=endpoint
transport=udp
context=from-hotline
disallow=all
allow=alaw
auth=hotline-auth
aors=hotline
direct_media=no
rtp_symmetric=yes
trust_id_inbound=yes
identify_by=auth_username,username

[hotline-auth]
type=auth
auth_type=userpass
username=hotline
password={_SECRET}

[hotline]
type=aor
max_contacts=1
remove_existing=yes
qualify_frequency=2
"""


@dataclass(frozen=True, slots=True)
class Both:
    pair: RealPair
    switch: SwitchProcess
    carrier: SwitchProcess


async def until(condition: Callable[[], Awaitable[bool]], within: float) -> None:
    async with asyncio.timeout(within):
        while not await condition():
            await asyncio.sleep(0.1)


@pytest.fixture(scope="module")
def registered(installation: Installation) -> Iterator[Both]:
    """Our switch has an account at its carrier, which knows no address of ours."""
    hosts = free_loopback_pair()
    with tempfile.TemporaryDirectory(prefix="hl-r-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        journal = folder / "journal"
        for made in (journal, folder / "sounds", folder / "spool"):
            made.mkdir()
        switch = SwitchConfiguration(
            node="test",
            home=folder / "s",
            sip=Address(hosts.switch, 5060),
            ari=Address(hosts.switch, 8088),
            sounds=folder / "sounds",
            spool=folder / "spool",
            carriers=[by_registration(hosts.carrier, _SECRET)],
            sip_settings=SipSettings(qualify_frequency=2),
        )
        outside = world_configuration(
            folder / "w",
            sip=Address(hosts.carrier, 5060),
            ari=Address(hosts.carrier, 8088),
            hotline=switch.sip,
        )
        outside = replace(outside, carriers=())  # what lies in the file stays
        outside.conf.mkdir(parents=True)
        (outside.conf / CARRIERS_FILE).write_text(_REGISTRAR)
        dialplan = extensions_conf(DialplanSettings(sounds=switch.sounds, journal=journal))
        ours = SwitchProcess(switch, installation, dialplan, dies_with_us=True)
        theirs = world_process(outside, installation)
        with running(theirs), running(ours):
            yield Both(RealPair(switch, outside, journal, ours.registrations), ours, theirs)


def by_registration(host: str, secret: str) -> Carrier:
    return Carrier(
        name=TRUNK,
        kind=CarrierKind.REGISTRATION,
        host=host,
        username="hotline",
        secret=secret,
        from_user="hotline",
    )


@pytest.fixture
async def stage(registered: Both, sounds: Sounds, tmp_path: Path) -> AsyncIterator[Stage]:
    async def both_reach_each_other() -> bool:
        ours = await registered.switch.management.endpoints()
        theirs = await registered.carrier.management.endpoints()
        return ours.get(TRUNK + HEALTH) == theirs.get("hotline") == "online"

    await until(both_reach_each_other, 15)
    async with real_stage(registered.pair, sounds, tmp_path) as stage, stage.serving():
        yield stage
        await stage.clear()


async def test_calls_come_and_go_by_registration(stage: Stage) -> None:
    phone = stage.phone().answers()
    outside, call = await stage.incoming()
    assert call.carrier == TRUNK
    talk = connected(await call.connect(stage.connect_plan()))
    reached = await phone.rings()
    await outside.answered()
    await reached.answered()
    # Its From names our account; the number comes in P-Asserted-Identity.
    assert reached.caller == stage.connect_plan().caller_id.number
    await outside.say(stage.sounds.voice.path)
    await reached.hears(stage.sounds.voice.path)
    await talk.hangup()


async def test_no_message_names_an_extension_of_our_dialplan(
    registered: Both, installation: Installation, stage: Stage, tmp_path: Path
) -> None:
    """Inside the switch the called channel bears the name of the snippet that dialled it."""
    wire, main_file = tmp_path / "wire.pcap", registered.switch.configuration.main_file
    for command in ("verbose off", f"pcap {wire}", "on"):
        await say(installation, main_file, f"pjsip set logger {command}")
    phone = stage.phone().answers()
    outside, call = await stage.incoming()
    talk = connected(await call.connect(stage.connect_plan()))
    reached = await phone.rings()
    await reached.answered()
    await reached.say(stage.sounds.other.path)
    await outside.hears(stage.sounds.other.path)
    await talk.hangup()
    await call.hangup()
    await outside.ended()
    await reached.ended()
    for command in ("off", f"pcap {tmp_path / 'none.pcap'}"):  # by which the first is closed
        await say(installation, main_file, f"pjsip set logger {command}")
    sent = wire.read_bytes()
    assert sent.count(b"CSeq: ") > 10
    assert _EXTENSION.search(sent) is None


async def test_carriers_change_while_people_talk(registered: Both, stage: Stage) -> None:
    phone = stage.phone().answers()
    outside, call = await stage.incoming()
    talk = connected(await call.connect(stage.connect_plan()))
    reached = await phone.rings()
    await outside.answered()
    await reached.answered()
    (ours,) = registered.switch.configuration.carriers
    other = Carrier(name="other", host=stage_host(registered, 3))
    moved = replace(other, host=stage_host(registered, 4))
    for carriers in ([ours, other], [ours, moved], [ours]):
        await registered.switch.use_carriers(carriers)
        names = {carrier.name for carrier in carriers}

        async def known(names: set[str] = names) -> bool:
            return set(await stage.switch.trunks()) == names

        await until(known, 5)
    await outside.say(stage.sounds.voice.path)
    await reached.hears(stage.sounds.voice.path)
    await reached.say(stage.sounds.other.path)
    await outside.hears(stage.sounds.other.path)
    assert not outside.is_ended
    await talk.hangup()


def stage_host(registered: Both, last: int) -> str:
    return f"{registered.switch.configuration.sip.host.rsplit('.', 1)[0]}.{last}"


async def test_a_carrier_that_refuses_our_registration_shows(
    registered: Both, stage: Stage
) -> None:
    """It answers our OPTIONS all the same."""
    host, process = registered.pair.carrier.sip.host, registered.switch

    async def reachable() -> bool:
        return (await stage.switch.trunks())[TRUNK]

    async def refused() -> bool:
        return not await reachable()

    await until(reachable, 45)
    await process.use_carriers([by_registration(host, "wrong")])
    await until(refused, 10)
    assert (await process.management.endpoints())[TRUNK + HEALTH] == "online"
    await process.use_carriers([by_registration(host, _SECRET)])
    await until(reachable, 45)


async def test_a_carrier_that_is_gone_shows(
    registered: Both, installation: Installation, stage: Stage
) -> None:
    """Last here: its carrier does not come back."""

    async def gone() -> bool:
        return (await stage.switch.trunks())[TRUNK] is False

    await registered.carrier.stop()
    await until(gone, 10)
