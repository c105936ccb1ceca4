"""The caller hangs up: at every step, and what is written down about it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hotline.telephony.world.carrier import World
from hotline.telephony.world_port import OutsideLine
from tests.faults.company import GREETED, line, sound
from tests.faults.site import Record, Site

pytestmark = pytest.mark.xdist_group("faults")


def story(record: Record) -> tuple[str, str, str]:
    return record.outcome, record.reason, record.ended_by


async def at_once(site: Site, world: World) -> None:
    """Nobody can say how far such a call came; it has one record all the same."""
    call = await world.call(line(0).number, "13810000000")
    await call.hangup()
    await call.ended()


async def in_the_greeting(site: Site, world: World) -> None:
    call = await world.call(GREETED.number, "13810000001")
    await call.answered()
    await call.hears(sound(site.home.sounds, "greeting"))
    await call.hangup()
    record = await site.record("13810000001")
    assert story(record) == ("abandoned", "greeting", "caller")
    assert record.legs == []
    assert record.answered_at is not None
    assert record.talk_ms == 0


async def in_ringing(site: Site, world: World) -> None:
    phone = world.phone(line(1).phones[0]).never_answers()
    call = await world.call(line(1).number, "13810000002")
    ringing = await phone.rings()
    await call.ringing()
    await call.hangup()
    await stops_ringing(ringing)
    record = await site.record("13810000002")
    assert story(record) == ("abandoned", "ringing", "caller")
    (leg,) = record.legs
    assert (leg["result"], leg["sip_code"]) == ("cancelled", None)
    assert leg["ringing_at"] is not None
    assert leg["answered_at"] is None
    assert record.answered_at is None
    assert record.billable_seconds == 0


async def in_the_second_ringing(site: Site, world: World) -> None:
    first, second = map(world.phone, line(2).phones)
    first.busy()
    second.never_answers()
    call = await world.call(line(2).number, "13810000003")
    ringing = await second.rings()
    await call.hangup()
    await stops_ringing(ringing)
    record = await site.record("13810000003")
    assert story(record) == ("abandoned", "ringing", "caller")
    assert [leg["result"] for leg in record.legs] == ["busy", "cancelled"]


async def stops_ringing(ringing: OutsideLine) -> None:
    end = await ringing.ended(3)
    assert not end.by_us
    assert not ringing.is_answered


async def in_the_talk(site: Site, world: World, voice: Path) -> None:
    phone = world.phone(line(3).phones[0]).answers(0.2, says=voice)
    call = await world.call(line(3).number, "13810000004")
    await call.answered()
    await call.hears(voice)
    await call.hangup()
    await (await phone.rings()).ended(3)
    record = await site.record("13810000004")
    assert story(record) == ("answered", "", "caller")
    (leg,) = record.legs
    assert (leg["result"], leg["sip_code"], leg["cause"]) == ("answered", 200, 16)
    assert leg["ringing_at"] <= leg["answered_at"] < leg["ended_at"]
    assert 0.4 < record.talk_seconds < 4


async def not_the_caller_but_the_called(site: Site, world: World) -> None:
    world.phone(line(4).phones[0]).answers(hangs_up_after=1)
    call = await world.call(line(4).number, "13810000005")
    assert not (await call.ended()).by_us
    record = await site.record("13810000005")
    assert story(record) == ("answered", "", "callee")
    assert 0.8 < record.talk_seconds < 2


async def in_the_closing_prompt(site: Site, world: World) -> None:
    for number in GREETED.phones:
        world.phone(number).busy()
    call = await world.call(GREETED.number, "13810000006")
    await call.hears(sound(site.home.sounds, "failed"))
    await call.hangup()
    record = await site.record("13810000006")
    assert story(record) == ("unanswered", "busy", "caller")
    legs = [(leg["result"], leg["sip_code"], leg["cause"]) for leg in record.legs]
    assert legs == [("busy", 486, 17)] * 2
    assert record.recordings == []


async def test_a_caller_hangs_up_at_every_step(site: Site, world: World, voice: Path) -> None:
    await asyncio.gather(
        at_once(site, world),
        in_the_greeting(site, world),
        in_ringing(site, world),
        in_the_second_ringing(site, world),
        in_the_talk(site, world, voice),
        not_the_caller_but_the_called(site, world),
        in_the_closing_prompt(site, world),
    )
    await site.at_rest()
    for record in site.records("13810000000"):
        assert record.outcome in {"abandoned", "answered"}
        assert record.ended_by == "caller"
