"""Many calls at once, and calls whose signalling is sent twice or not acknowledged."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest
import soundfile

from hotline.telephony.world.carrier import World
from hotline.telephony.world.listen import is_silent
from tests.faults.company import CROWDED, line
from tests.faults.sip import SipCaller
from tests.faults.site import Site

pytestmark = pytest.mark.xdist_group("faults")

_CROWD = 50
_TALK_SECONDS = 3.0
_LATE_SECONDS = 15.0
"""How late an ACK may be without the talk being ended; so late it is where a machine has far too
much to do."""


@pytest.mark.timeout(90)
async def test_fifty_calls_at_once(site: Site, world: World, voice: Path, reply: Path) -> None:
    for number in CROWDED.phones:
        world.phone(number).answers(says=voice)

    async def person(caller: str) -> None:
        call = await world.call(CROWDED.number, caller)
        await call.answered(30)
        await call.say(reply)
        await asyncio.sleep(_TALK_SECONDS)
        await call.hangup()

    callers = [f"138400000{index:02}" for index in range(_CROWD)]
    await asyncio.gather(*map(person, callers))
    await site.at_rest(30)
    targets: Counter[str] = Counter()
    for caller in callers:
        record = await site.record(caller)
        assert (record.outcome, record.ended_by) == ("answered", "caller")
        assert record.events[0] == "arrived"
        assert record.events[-1] == "ended"
        (leg,) = record.legs
        assert (leg["result"], leg["sip_code"]) == ("answered", 200)
        assert _TALK_SECONDS - 1 < record.talk_seconds < _TALK_SECONDS + 10
        targets[leg["target"]] += 1
        (recording,) = record.recordings
        heard, rate = soundfile.read(site.home.recordings / recording["storage_key"], dtype="int16")
        assert not is_silent(heard)
        assert heard.size / rate == pytest.approx(record.talk_seconds, abs=1.5)
    assert set(targets.values()) == {_CROWD // len(CROWDED.phones)}


async def test_an_invite_that_comes_twice_is_one_call(site: Site, world: World) -> None:
    phone = world.phone(line(6).phones[0]).answers(after=0.5)
    with SipCaller(site.hosts.carrier, f"{site.hosts.switch}:5060", "13850000001") as caller:
        invite = caller.invite(line(6).number)
        for _ in range(3):
            caller.send(invite)
        answer = await caller.final(5)
        caller.send(caller.ack(answer))
        caller.send(caller.ack(answer))
        talk = await phone.rings()
        await talk.answered()
        bye = caller.bye(answer)
        caller.send(bye)
        caller.send(bye)
        await talk.ended(5)
    record = await site.record("13850000001")
    assert (record.outcome, record.ended_by) == ("answered", "caller")
    assert len(record.legs) == len(phone.calls) == 1
    await site.at_rest()


async def test_an_invite_that_a_network_repeats_after_the_answer(site: Site, world: World) -> None:
    phone = world.phone(line(8).phones[0]).answers()
    with SipCaller(site.hosts.carrier, f"{site.hosts.switch}:5060", "13850000003") as caller:
        invite = caller.invite(line(8).number)
        caller.send(invite)
        answer = await caller.final(5)
        caller.send(caller.ack(answer))
        talk = await phone.rings()
        await talk.answered()
        for _ in range(2):
            caller.send(invite)
            await asyncio.sleep(0.6)
            assert len(phone.calls) == 1
            assert len(site.records("13850000003")) == 1
        assert not talk.is_ended
        caller.send(caller.bye(answer))
        await talk.ended(5)
    record = await site.record("13850000003")
    assert (record.outcome, record.ended_by) == ("answered", "caller")
    assert len(record.legs) == len(phone.calls) == 1
    await site.at_rest()


async def test_an_answer_whose_acknowledgement_is_lost(site: Site, world: World) -> None:
    phone = world.phone(line(7).phones[0]).answers()
    with SipCaller(site.hosts.carrier, f"{site.hosts.switch}:5060", "13850000002") as caller:
        caller.send(caller.invite(line(7).number))
        first = await caller.final(5)
        again = await caller.final(5)  # nobody acknowledged: it is sent again
        assert first.split("\r\n")[0] == again.split("\r\n")[0]
        talk = await phone.rings()
        await asyncio.sleep(_LATE_SECONDS)
        assert not talk.is_ended
        caller.send(caller.ack(again))
        await talk.hangup()
    record = await site.record("13850000002")
    assert (record.outcome, record.ended_by) == ("answered", "callee")
    assert len(record.legs) == len(phone.calls) == 1
    await site.at_rest()
