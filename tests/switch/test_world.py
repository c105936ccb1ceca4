"""The demo carrier tells the truth: checked against a switch that does plain, native things."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.switch.conftest import free_loopback_pair, running

from hotline.telephony.asterisk.configuration import Address, SwitchConfiguration
from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.asterisk.process import SwitchProcess
from hotline.telephony.asterisk.sip import Carrier
from hotline.telephony.world.carrier import World, world_configuration, world_process
from hotline.telephony.world.listen import is_silent, tone
from hotline.telephony.world_port import Waited

NATIVE = """\
[from-carrier]
exten => 4001,1,Answer()
 same => n,Playback({high})
 same => n,Read(KEYS,,3,,,5)
 same => n,Dial(PJSIP/139${{KEYS}}@world,20)
 same => n,Hangup()
exten => _1[0-9].,1,Dial(PJSIP/${{EXTEN}}@world,${{IF($[${{EXTEN}}=13900000008]?2:20)}},i)
 same => n,Set(LEGS=${{HANGUPCAUSE_KEYS()}})
 same => n,Set(SAID=${{HANGUPCAUSE(${{LEGS}},tech)}})
 same => n,PJSIPHangup(${{IF($[${{CUT(SAID, ,2)}}>=400]?${{CUT(SAID, ,2)}}:480)}})
exten => 4002,1,Answer()
 same => n,Wait(0.5)
 same => n,Transfer(PJSIP/sip:4009@127.0.0.1)
 same => n,Wait(2)
 same => n,Hangup()
"""


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(tmp_path_factory.mktemp("sounds"))
    tone(folder / "high.alaw", [620, 880], 1.0)
    tone(folder / "low.alaw", [440, 330], 1.0)
    return folder


@pytest.fixture(scope="module")
def outside(
    tmp_path_factory: pytest.TempPathFactory, installation: Installation, sounds: Path
) -> Iterator[SwitchConfiguration]:
    hosts = free_loopback_pair()
    home = Path(tmp_path_factory.mktemp("w"))
    switch = SwitchConfiguration(
        node="native",
        home=home / "s",
        sip=Address(hosts.switch, 5060),
        ari=Address(hosts.switch, 8088),
        sounds=sounds,
        spool=home / "spool",
        carriers=[Carrier(name="world", host=hosts.carrier)],
    )
    world = world_configuration(
        home / "w",
        sip=Address(hosts.carrier, 5060),
        ari=Address(hosts.carrier, 8088),
        hotline=switch.sip,
    )
    dialplan = NATIVE.format(high=sounds / "high")
    with (
        running(SwitchProcess(switch, installation, dialplan, dies_with_us=True)),
        running(world_process(world, installation)),
    ):
        yield world


@pytest.fixture
async def people(outside: SwitchConfiguration) -> AsyncIterator[World]:
    async with World(outside) as world:
        yield world


@pytest.mark.parametrize("info", [False, True])
async def test_a_caller_hears_presses_and_talks(people: World, sounds: Path, info: bool) -> None:
    phone = people.phone("139123").answers(says=sounds / "low.alaw")
    call = await people.call("4001", caller="13812345678")
    await call.answered()
    await call.hears(sounds / "high.alaw")
    await call.press("123", info=info)
    talk = await phone.rings()
    assert talk.caller == "13812345678"
    await call.hears(sounds / "low.alaw")
    await call.say(sounds / "high.alaw")
    await talk.hears(sounds / "high.alaw")
    await call.hangup()
    assert (await call.ended()).by_us
    assert not (await talk.ended()).by_us
    with pytest.raises(Waited, match="did not hear"):
        await talk.hears(sounds / "low.alaw", within=2)
    assert not is_silent(talk.heard)
    assert talk.recording() is not None


async def test_codes_reach_the_caller(people: World) -> None:
    people.phone("13900000001").busy()
    people.phone("13900000002").rejects(603)
    people.phone("13900000003").unreachable()
    people.phone("13900000004").rejects(480, after=0.3)
    people.phone("13900000005").rejects(503)
    people.phone("13900000006").redirects()
    codes = {}
    for last in range(1, 7):
        call = await people.call(f"1390000000{last}", caller="02166668888")
        codes[last] = await call.ended(10)
    assert {last: end.sip_code for last, end in codes.items()} == {
        1: 486,
        2: 603,
        3: 404,
        4: 480,
        5: 503,
        6: 480,
    }


async def test_a_phone_that_never_answers_is_given_up(people: World) -> None:
    phone = people.phone("13900000008").never_answers()
    call = await people.call("13900000008", caller="")
    await call.ringing()
    ringing = await phone.rings()
    assert ringing.caller in {"", "anonymous"}
    end = await ringing.ended(10)
    assert not end.by_us
    assert not ringing.is_answered


async def test_early_audio_is_heard_before_the_answer(people: World, sounds: Path) -> None:
    people.phone("13900000001").early_media(sounds / "low.alaw")
    call = await people.call("13900000001", caller="13812345678")
    await call.ringing()
    await call.hears(sounds / "low.alaw")
    assert not call.is_answered
    await call.hangup()
    await call.ended()


async def test_drops_at_once_and_hangs_up_later(people: World) -> None:
    people.phone("13900000001").drops_at_once()
    call = await people.call("13900000001", caller="13812345678")
    assert not (await call.ended(10)).by_us
    people.phone("13900000001").answers(after=0.2, hangs_up_after=0.3)
    call = await people.call("13900000001", caller="13812345678")
    await call.answered()
    assert (await call.ended(10)).cause == 16


async def test_a_refer_is_seen(people: World) -> None:
    call = await people.call("4002", caller="13812345678")
    await call.answered()
    async with asyncio.timeout(5):
        while call.transferred_to is None:
            await asyncio.sleep(0.05)
    assert call.transferred_to == "4009"
