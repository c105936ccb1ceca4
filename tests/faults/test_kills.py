"""kill -9, in the middle of calls: the controller, the switch, the database."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from hotline.telephony.world.carrier import World
from hotline.telephony.world.lines import Line, Placed, Received
from tests.faults.company import GREETED, line, sound
from tests.faults.cut import cut_connections
from tests.faults.site import Record, Site, until

pytestmark = pytest.mark.xdist_group("faults: kills")


async def talks(world: World, number: str, phone: str, caller: str) -> tuple[Placed, Received]:
    """``caller`` calls ``number`` and is put through to ``phone``."""
    world.phone(phone).answers()
    call = await world.call(number, caller)
    talk = await world.phone(phone).rings()
    await call.answered()
    await talk.answered()
    return call, talk


async def hear_each_other(call: Line, talk: Line, voice: Path, reply: Path) -> None:
    await talk.say(voice)
    await call.say(reply)
    await call.hears(voice)
    await talk.hears(reply)


def results(record: Record) -> list[str]:
    return [leg["result"] for leg in record.legs]


@pytest.mark.timeout(90)
async def test_a_killed_controller_loses_no_call(
    site: Site, world: World, voice: Path, reply: Path
) -> None:
    ringing = [world.phone(line(index).phones[0]).never_answers() for index in (1, 2, 3)]
    talking, talk = await talks(world, GREETED.number, GREETED.phones[0], "13830000000")
    began = time.monotonic()
    ends_alone, _ = await talks(world, line(0).number, line(0).phones[0], "13830000001")
    answers_late = await world.call(line(1).number, "13830000002")
    gives_up = await world.call(line(2).number, "13830000003")
    rings_out = await world.call(line(3).number, "13830000004")
    rung = [await phone.rings() for phone in ringing]
    greeted = await world.call(GREETED.number, "13830000005")
    await greeted.hears(sound(site.home.sounds, "greeting"))

    site.kill()
    await ends_alone.hangup()
    await gives_up.hangup()
    assert not (await rung[1].ended(3)).by_us
    await rung[0].answer()
    await answers_late.answered()
    nobody_there = await world.call(line(4).number, "13830000006")
    await hear_each_other(talking, talk, voice, reply)
    await nobody_there.hears(site.home.sounds / "no_controller.alaw")
    await (await world.phone(GREETED.phones[0]).rings()).answered()
    await asyncio.to_thread(site.start)

    await rings_out.answered()  # by the second phone: the ringing of the first had ended meanwhile
    await hear_each_other(talking, talk, voice, reply)
    talked = time.monotonic() - began
    for call in (talking, answers_late, rings_out, greeted):
        await call.hangup()

    record = await site.record("13830000000")
    assert (record.outcome, record.ended_by) == ("answered", "caller")
    assert record.talk_seconds == pytest.approx(talked, abs=1)
    assert results(record) == ["answered"]
    assert record.recordings
    record = await site.record("13830000001")
    assert (record.outcome, record.ended_by) == ("answered", "caller")
    assert record.talk_seconds < talked / 2
    record = await site.record("13830000002")
    assert (record.outcome, record.ended_by, results(record)) == (
        "answered",
        "caller",
        ["answered"],
    )
    record = await site.record("13830000003")
    assert (record.outcome, record.reason, record.ended_by) == ("abandoned", "ringing", "caller")
    assert results(record) == ["cancelled"]
    record = await site.record("13830000004")
    assert (record.outcome, results(record)) == ("answered", ["no_answer", "answered"])
    record = await site.record("13830000005")
    assert (record.outcome, record.ended_by, results(record)) == (
        "answered",
        "caller",
        ["answered"],
    )
    assert record.recordings
    record = await site.record("13830000006")
    assert (record.outcome, record.reason) == ("failed", "no_controller")
    assert record.dialled == line(4).number
    await site.at_rest()
    (recording,) = (await site.record("13830000000")).recordings
    assert recording["duration_ms"] / 1000 == pytest.approx(talked, abs=1)


async def test_calls_that_arrive_while_a_controller_starts(site: Site, world: World) -> None:
    """Each is served, by the new controller at the latest; none is refused at the door."""
    world.phone(line(5).phones[0]).answers(hangs_up_after=0.2)
    site.kill()
    starting = asyncio.create_task(asyncio.to_thread(site.start))
    calls = []
    while not starting.done():
        caller = f"1383000{1000 + len(calls)}"
        calls.append((caller, await world.call(line(5).number, caller)))
        await asyncio.wait([starting], timeout=0.3)
    await starting
    assert len(calls) > 3
    stories = []
    for caller, call in calls:
        await call.ended(20)
        record = await site.record(caller, within=20)
        assert record.dialled == line(5).number
        stories.append((record.outcome, record.reason))
    assert set(stories) <= {("answered", ""), ("failed", "no_controller")}
    assert set(stories[-3:]) == {("answered", "")}
    await site.at_rest()


def spooled_bytes(site: Site, caller: str) -> int:
    """What the switch has written of the recording of the call from ``caller``."""
    for record in site.records(caller):
        for path in site.home.spool.glob(f"{record.id}*"):
            return path.stat().st_size
    return 0


@pytest.mark.timeout(90)
async def test_a_killed_switch_leaves_complete_records(site: Site, world: World) -> None:
    ringing = world.phone(line(8).phones[0]).never_answers()
    talking, talk = await talks(world, GREETED.number, GREETED.phones[0], "13860000000")
    await until(lambda: spooled_bytes(site, "13860000000") > 1000, 15)
    rings = await world.call(line(8).number, "13860000001")
    await ringing.rings()
    greeted = await world.call(GREETED.number, "13860000002")
    await greeted.hears(sound(site.home.sounds, "greeting"))
    os.kill(site.switch_pid, signal.SIGKILL)
    for outside in (talking, talk, rings, greeted):
        await outside.hangup()
    await until(site.is_ready, 20)

    record = await site.record("13860000000", within=20)
    assert (record.outcome, record.reason, record.ended_by) == ("answered", "switch_lost", "system")
    assert 0 <= record.talk_seconds < 20
    assert results(record) == ["answered"]
    (lost,) = record.recordings
    assert lost["status"] == "pending"  # a switch might be writing it
    site.rows(
        "update recordings set created_at = created_at - interval '2 min' where id = %s", lost["id"]
    )
    for caller, legs in (("13860000001", ["cancelled"]), ("13860000002", [])):
        record = await site.record(caller, within=20)
        assert (record.outcome, record.reason) == ("failed", "switch_lost")
        assert record.ended_by == "system"
        assert results(record) == legs
    following, _ = await talks(world, line(9).number, line(9).phones[0], "13860000003")
    await following.hangup()
    assert (await site.record("13860000003")).outcome == "answered"
    await site.at_rest(30)
    (kept,) = site.records("13860000000")[0].recordings
    assert kept["duration_ms"] > 0


@pytest.mark.timeout(90)
async def test_calls_go_on_without_the_database(
    site: Site, world: World, voice: Path, reply: Path
) -> None:
    ringing = world.phone(line(10).phones[0]).never_answers()
    talking, talk = await talks(world, GREETED.number, GREETED.phones[0], "13870000000")
    ending, _ = await talks(world, line(11).number, line(11).phones[0], "13870000001")
    rings = await world.call(line(10).number, "13870000002")
    rung = await ringing.rings()
    os.kill(site.database_pid, signal.SIGKILL)
    await ending.hangup()
    arriving, _ = await talks(world, line(11).number, line(11).phones[0], "13870000003")
    await rung.answer()
    await rings.answered()
    await hear_each_other(talking, talk, voice, reply)
    await arriving.hangup()
    await until(site.database_answers, 20)
    for call in (talking, rings):
        await call.hangup()
    for index in range(4):
        record = await site.record(f"1387000000{index}", within=20)
        assert (record.outcome, record.ended_by) == ("answered", "caller")
        assert results(record) == ["answered"]
        assert len(record.events) == len(set(record.events))
    await site.at_rest(20)


async def test_a_cut_control_connection_disturbs_no_call(
    site: Site, world: World, voice: Path, reply: Path
) -> None:
    ringing = world.phone(line(12).phones[0]).never_answers()
    talking, talk = await talks(world, line(13).number, line(13).phones[0], "13890000000")
    rings = await world.call(line(12).number, "13890000001")
    rung = await ringing.rings()
    greeted = await world.call(GREETED.number, "13890000002")
    world.phone(GREETED.phones[0]).answers()
    await greeted.hears(sound(site.home.sounds, "greeting"))
    for happens_meanwhile in (rung.answer, rings.hangup, talking.hangup):
        assert cut_connections(site.controller_pid, site.hosts.switch, 8088) == 1
        await happens_meanwhile()
        await until(site.is_ready, 10)
        if happens_meanwhile != talking.hangup:
            await hear_each_other(talking, talk, voice, reply)
    await greeted.answered()
    await (await world.phone(GREETED.phones[0]).rings()).answered()
    await greeted.hangup()
    for index in range(3):
        record = await site.record(f"1389000000{index}")
        assert (record.outcome, record.ended_by) == ("answered", "caller")
        assert results(record) == ["answered"]
    await site.at_rest()
