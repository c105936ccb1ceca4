"""The desk as agents use it, with calls of a real switch."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from hotline.staff.permissions import Role
from hotline.telephony.world.carrier import World
from tests.faults.site import Site, until
from tests.webrtc.desk import Desks
from tests.webrtc.office import Office
from tests.webrtc.test_browser_agents import HUSH, VOICE, comes_to, hears_the_microphone

pytestmark = pytest.mark.xdist_group("browser")
BEEPS = VOICE / 10
"""Energy of a second of a colleague's microphone, which rests between its beeps."""


async def test_asked_handed_over_and_noted_by_keyboard_alone(
    site: Site, world: World, office: Office, desks: Desks, speech: Path
) -> None:
    caller = "13810000011"
    fang, lei = await office.agent("1001", wrap_up_seconds=60), await office.agent("1002")
    await office.queue(fang, recording=True)
    await office.post("/dispositions", code="sold", name="已成交")
    await office.post("/dispositions", code="later", name="需跟进", position=1)
    desk, other = await desks.of(fang), await desks.of(lei)
    page = desk.page

    call = await world.call(office.number, caller)
    card = page.get_by_role("region", name="来电")
    await expect(card).to_contain_text("138 1000 0011", timeout=20_000)
    await expect(card).to_contain_text("售后")
    await desk.answer()
    await comes_to(office, fang, "talking")
    await call.say(speech)
    await desk.hears_voice(VOICE)

    # The call goes on while another page is looked at, and can be handled there.
    await desk.enter(page.get_by_role("link", name="我的通话"))
    await expect(page.get_by_role("heading", name="我的通话")).to_be_visible()
    await desk.press("Alt+KeyT")
    await expect(page.get_by_label("姓名或分机")).to_be_focused()
    await page.keyboard.type("1002")
    await desk.enter(desk.button("咨询 座席1002"))
    await comes_to(office, fang, "on_hold")
    await other.answer()
    await expect(other.page.get_by_text("座席1001 (1001) 向您咨询")).to_be_visible(timeout=20_000)
    await desk.enter(page.get_by_role("link", name="打开工作台"))
    await desk.enter(desk.button("完成转接"))
    await comes_to(office, fang, "wrap_up")
    await hears_the_microphone(call)
    await other.hears_voice(VOICE)

    await desk.tab_to(page.get_by_role("radio", name="已成交"))
    await desk.press("ArrowRight")
    await desk.tab_to(page.get_by_label("备注"))
    await page.keyboard.type("周五上门安装")
    await expect(page.get_by_text("已保存")).to_be_visible(timeout=20_000)
    await desk.press("Alt+KeyR")
    await comes_to(office, fang, "ready")
    await expect(page.get_by_role("row").filter(has_text="周五上门安装")).to_be_visible()
    await other.hang_up()
    await call.ended()
    record = await site.record(caller)
    assert [(leg["kind"], str(leg["agent_id"])) for leg in record.legs] == [
        ("agent", fang.id),
        ("consult", lei.id),
    ]
    said = site.rows("select note, disposition from call_notes where call_id = %s", record.id)
    assert said == [{"note": "周五上门安装", "disposition": "later"}]
    assert desk.complaints == other.complaints == []


async def test_a_supervisor_sees_a_call_listens_and_plays_its_recording(
    site: Site, world: World, office: Office, desks: Desks, speech: Path
) -> None:
    caller = "13810000013"
    fang = await office.agent("1001")
    boss = await office.agent("8001", role=Role.SUPERVISOR)
    await office.queue(fang, recording=True)
    desk, watching = await desks.of(fang), await desks.of(boss)
    page = watching.page
    await page.get_by_role("link", name="实时通话").click()
    await expect(page.get_by_text("现在没有通话")).to_be_visible()

    call = await world.call(office.number, caller)
    row = page.get_by_role("row").filter(has_text="138 1000 0013")
    await expect(row).to_contain_text("排队", timeout=20_000)
    await desk.answer()
    await expect(row).to_contain_text("座席1001")
    await row.get_by_role("button", name="监听").click()
    await watching.answer()
    bar = page.get_by_role("alert").filter(has_text="正在监听")
    await expect(bar).to_contain_text("138 1000 0013", timeout=20_000)
    await call.say(speech)
    await watching.hears_voice(VOICE)
    # Nothing that would move the caller is offered to who is only present.
    for name in ("保持", "转接"):
        await expect(watching.button(name)).to_have_count(0)
    await watching.press("Alt+KeyH")
    await watching.hang_up()
    await expect(bar).to_have_count(0)
    assert office.state(fang)[0] == "talking"
    await desk.hears_voice(VOICE)
    await call.hangup()

    await page.get_by_role("link", name="通话记录").click()
    ended = page.get_by_role("row").filter(has_text="138 1000 0013")
    await expect(ended).to_contain_text("已接听", timeout=20_000)
    record = await site.record(caller)
    await until(
        lambda: {row["status"] for row in site.records(caller)[0].recordings} == {"stored"},
        30,
        lambda: f"recordings: {site.records(caller)[0].recordings}",
    )
    await ended.get_by_text("已接听").click()
    drawer = page.get_by_role("dialog")
    await expect(drawer).to_contain_text("监听")
    await drawer.get_by_role("button", name="播放", exact=True).click()
    position = drawer.get_by_role("slider", name="播放位置")
    await expect(position).to_have_attribute("aria-valuenow", re.compile("[1-9]"), timeout=20_000)
    length = await page.eval_on_selector("audio", "player => player.duration")
    assert abs(length - record.talk_seconds) < 2
    assert desk.complaints == watching.complaints == []


async def test_a_click_on_a_number_calls_it(office: Office, desks: Desks) -> None:
    fang, lei = await office.agent("1001"), await office.agent("1002")
    desk, other = await desks.of(fang), await desks.of(lei)
    await desk.click("呼叫 1002")
    card = other.page.get_by_role("region", name="来电")
    await expect(card).to_contain_text("1001", timeout=20_000)
    await other.answer()
    await comes_to(office, fang, "talking")
    await comes_to(office, lei, "talking")
    await desk.hears_voice(BEEPS)
    # Another microphone in the middle of the talk; it is kept for the next one.
    await desk.phone_menu.click()
    await desk.page.get_by_label("麦克风").click()
    await desk.page.get_by_title("Fake Audio Input 2").click()
    await other.hears_voice(BEEPS)
    kept = await desk.page.evaluate("localStorage.getItem('phone.microphone')")
    assert kept
    await desk.press("Escape")
    await desk.press("Alt+KeyM")
    await other.hears_hush(HUSH)
    await desk.press("Alt+KeyM")
    await other.hears_voice(BEEPS)
    await other.hang_up()
    await comes_to(office, fang, "wrap_up")
    assert desk.complaints == other.complaints == []


async def test_one_tab_at_a_time_is_the_phone(world: World, office: Office, desks: Desks) -> None:
    fang = await office.agent("1001")
    await office.queue(fang)
    first = await desks.of(fang)
    second = await first.second_tab()
    elsewhere = "话机在别处使用"
    await expect(second.page.get_by_role("alert")).to_contain_text(elsewhere, timeout=20_000)
    await second.click("改在这里接听")
    await expect(second.phone_menu).to_have_attribute("title", "话机已就绪", timeout=20_000)
    await expect(first.page.get_by_role("alert")).to_contain_text(elsewhere)
    await comes_to(office, fang, "ready", within=20)

    call = await world.call(office.number, "13810000012")
    await second.answer()
    await comes_to(office, fang, "talking")
    await hears_the_microphone(call)
    # The first sees the call too, and can command it.
    await expect(first.page.get_by_role("region", name="通话中")).to_contain_text("138 1000 0012")
    await first.press("Alt+KeyX")
    await call.ended()
    await comes_to(office, fang, "wrap_up")
    await second.page.close()
    await expect(first.phone_menu).to_have_attribute("title", "话机已就绪", timeout=20_000)
    assert first.complaints == second.complaints == []
