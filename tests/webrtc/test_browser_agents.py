"""Agents whose phone is a page in Chromium: they answer, talk and vanish."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import expect

from hotline.telephony.asterisk import devices
from hotline.telephony.world.carrier import World
from hotline.telephony.world.lines import Line
from hotline.telephony.world.listen import RATE, rms
from tests.faults.site import Site, until
from tests.webrtc.desk import Desks
from tests.webrtc.office import Office, Person

# They share a Hotline, which takes longer to start than they take.
pytestmark = pytest.mark.xdist_group("browser")
VOICE = 0.02
"""Energy of a second of a caller who speaks; rests and a line's silence are far below."""
HUSH = VOICE / 100
SILENCE_AT_MOST = 25.0
"""Seconds for which a customer may hear nothing when the agent's browser is gone, and some for the
machine."""


async def comes_to(office: Office, person: Person, *wanted: str, within: float = 10.0) -> None:
    """Wait until the agent's state, and its reason if there is one, are these."""
    state = (wanted[0], wanted[1] if len(wanted) > 1 else "")
    await until(
        lambda: office.state(person) == state,
        within,
        lambda: f"{person.extension} is {office.state(person)}, not {state}",
    )


async def hears_the_microphone(call: Line) -> None:
    """Wait until what the caller hears is loud. Chromium's microphone beeps twice a second."""
    start = call.heard.size
    await until(
        lambda: rms(call.heard[max(start, call.heard.size - RATE) :]) > 500,
        5,
        lambda: f"the caller hears only {rms(call.heard[start:]):.0f}",
    )


async def test_an_agent_answers_in_the_browser_talks_and_hangs_up(
    site: Site, world: World, office: Office, desks: Desks, speech: Path
) -> None:
    caller = "13810000001"
    fang = await office.agent("1001")
    await office.queue(fang)
    desk = await desks.of(fang)

    await desk.hide()
    call = await world.call(office.number, caller)
    notice = await desk.sees("notice")
    assert "138 1000 0001" in notice["title"]
    await desk.hide(False)
    await desk.sees("notice_closed")
    invite = await desk.sees("invite")
    offered = await desk.sees("call_offered", call_id=invite["call_id"])
    assert (invite["caller"], offered["caller"]) == (caller, caller)
    await expect(desk.page).to_have_title("☎ 来电 138 1000 0001")
    rings = await desk.sees("ring")
    assert "138 1000 0001" in rings["card"]
    assert office.state(fang)[0] == "ringing"

    await desk.answer()
    await comes_to(office, fang, "talking")
    await hears_the_microphone(call)
    await call.say(speech)
    await desk.hears_voice(VOICE)
    heard = await desk.hears_more()
    assert heard.dtls == "connected"
    assert heard.codec in {"audio/opus", "audio/PCMA"}
    assert heard.packets >= 40

    await desk.press("Alt+KeyH")
    await comes_to(office, fang, "on_hold")
    await desk.hears_hush(HUSH)
    await desk.press("Alt+KeyH")
    await comes_to(office, fang, "talking")
    await desk.hears_voice(VOICE)
    await hears_the_microphone(call)

    await expect(desk.page.get_by_text("通话质量：")).to_be_visible()
    # The talk outlives the connection that commands it.
    await desk.cut()
    await expect(desk.phone_menu).to_have_attribute("title", "话机断线，正在重连")
    await expect(desk.phone_menu).to_have_attribute("title", "话机已就绪", timeout=20_000)
    await desk.hears_voice(VOICE)

    await desk.hang_up()
    await call.ended()
    await comes_to(office, fang, "wrap_up")
    record = await site.record(caller)
    assert (record.outcome, record.ended_by) == ("answered", "callee")
    (leg,) = record.legs
    assert (leg["kind"], leg["result"], str(leg["agent_id"])) == ("agent", "answered", fang.id)
    assert leg["hold_ms"] > 300
    assert record.talk_seconds > 2
    assert desk.complaints == []


async def test_a_browser_that_is_closed_while_it_rings_loses_the_call_to_the_next(
    site: Site, world: World, office: Office, desks: Desks
) -> None:
    caller = "13810000002"
    fang, lei = await office.agent("1001"), await office.agent("1002")
    await office.queue(fang, lei, ring_timeout=60)
    closing, staying = await desks.of(fang), await desks.of(lei)
    # A phone is known to have gone once it was seen to be there.
    await asyncio.sleep(devices.EVERY * 1.5)

    call = await world.call(office.number, caller)
    await closing.sees("invite")
    await closing.close()
    await staying.sees("invite", within=15)
    await staying.answer()
    await comes_to(office, lei, "talking")
    await comes_to(office, fang, "offline", "device_gone")
    await hears_the_microphone(call)
    await call.hangup()
    record = await site.record(caller)
    assert (record.outcome, record.ended_by) == ("answered", "caller")
    assert [str(leg["agent_id"]) for leg in record.legs] == [fang.id, lei.id]
    assert record.legs[0]["result"] == "unreachable"


async def test_a_browser_that_is_closed_while_it_talks_does_not_leave_its_customer_in_silence(
    site: Site, world: World, office: Office, desks: Desks
) -> None:
    caller = "13810000003"
    fang = await office.agent("1001")
    await office.queue(fang)
    desk = await desks.of(fang)
    call = await world.call(office.number, caller)
    await desk.sees("invite")
    await desk.answer()
    await comes_to(office, fang, "talking")
    await hears_the_microphone(call)
    await desk.close()
    await call.ended(within=SILENCE_AT_MOST)
    record = await site.record(caller)
    assert (record.outcome, record.ended_by) == ("answered", "callee")
    await comes_to(office, fang, "wrap_up")
