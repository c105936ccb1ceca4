"""The desk as agents use it, with calls of a real switch."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from hotline.telephony.world.carrier import World
from tests.faults.site import Site, until
from tests.webrtc.desk import Desks
from tests.webrtc.office import Office
from tests.webrtc.test_browser_agents import HUSH, VOICE, comes_to, hears_the_microphone

pytestmark = pytest.mark.xdist_group("webrtc")
BEEPS = VOICE / 10
"""Energy of a second of a colleague's microphone, which rests between its beeps."""


async def test_asked_handed_over_and_noted(
    site: Site, world: World, office: Office, desks: Desks, speech: Path
) -> None:
    caller = "13810000011"
    fang, lei = await office.agent("1001", wrap_up_seconds=60), await office.agent("1002")
    await office.queue(fang, recording=True)
    await office.post("/dispositions", code="sold", name="已成交")
    await office.post("/dispositions", code="later", name="需跟进")
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
    await page.get_by_role("link", name="我的通话").click()
    await desk.press("Alt+KeyT")
    await desk.click("咨询 座席1002")
    await comes_to(office, fang, "on_hold")
    await other.answer()
    await expect(other.page.get_by_text("座席1001 (1001) 向您咨询")).to_be_visible(timeout=20_000)
    await page.get_by_role("link", name="打开工作台").click()
    await desk.click("完成转接")
    await comes_to(office, fang, "wrap_up")
    await hears_the_microphone(call)
    await other.hears_voice(VOICE)

    await page.get_by_text("需跟进").click()
    await page.get_by_label("备注").fill("周五上门安装")
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
    await until(
        lambda: {row["status"] for row in site.records(caller)[0].recordings} == {"stored"},
        30,
        lambda: f"recordings: {site.records(caller)[0].recordings}",
    )
    assert desk.complaints == other.complaints == []


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
