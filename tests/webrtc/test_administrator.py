"""What an administrator sets up in the browser is what the next real call meets."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from hotline.speech.sounds import Sounds
from hotline.telephony.world.carrier import World
from tests.console.editor import begin, lead, publish, save
from tests.faults.site import Site
from tests.webrtc.desk import Desks
from tests.webrtc.office import Office

pytestmark = pytest.mark.xdist_group("browser")
WAIT = 20_000.0


async def test_the_next_call_hears_what_was_typed_and_walks_what_was_drawn(
    site: Site, world: World, office: Office, desks: Desks
) -> None:
    page = await desks.page_of(office.administrator)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))

    await type_prompt(page, "欢迎语", "您好，这里是晨星公司，咨询请按一。")
    await page.goto("/hotlines")
    await page.get_by_role("row").filter(has_text="客服").click()
    await choose(page, "欢迎语", "欢迎语")
    await page.get_by_role("button", name="保 存").click()
    await expect(page.get_by_text("已保存")).to_be_visible(timeout=WAIT)
    call = await world.call(office.number, "13810000021")
    await call.hears(sound(site, office, "欢迎语"))
    await call.ended()  # nobody is there yet to be put through to

    await type_prompt(page, "咨询", "感谢来电，我们的工作人员稍后与您联系，再见。")
    await draw_flow(page)
    await page.goto("/hotlines")
    await page.get_by_role("row").filter(has_text="客服").click()
    await page.get_by_role("radio", name="按流程导航").check()
    await choose(page, "* 流程", "主菜单")
    await page.get_by_role("button", name="保 存").click()
    await expect(page.get_by_text("已保存")).to_be_visible(timeout=WAIT)
    call = await world.call(office.number, "13810000022")
    await call.hears(sound(site, office, "欢迎语"))
    await call.press("1")
    await call.hears(sound(site, office, "咨询"))
    await call.ended()
    record = await site.record("13810000022")
    assert record.ended_by == "system"
    assert complaints == []


async def type_prompt(page: Page, name: str, text: str) -> None:
    """Until it can be heard."""
    await page.goto("/prompts")
    await page.get_by_role("button", name="新建语音").first.click()
    await page.get_by_label("名称").fill(name)
    await page.get_by_label("文字", exact=True).fill(text)
    await page.get_by_role("button", name="保 存").click()
    row = page.get_by_role("row").filter(has_text=text)
    await expect(row).to_contain_text("可用", timeout=WAIT)


async def draw_flow(page: Page) -> None:
    """A menu that greets; key 1 leads to an answer, everything else to the end."""
    await page.goto("/flows")
    await begin(page, "主菜单")
    palette = page.get_by_role("navigation", name="步骤")
    cards = page.locator(".flow-card")
    await palette.get_by_role("button", name="按键菜单").click()
    await add_sound(page, "欢迎语")
    await palette.get_by_role("button", name="播放语音").click()
    await add_sound(page, "咨询")
    await palette.get_by_role("button", name="挂断").click()
    await expect(cards).to_have_count(3)
    await lead(page, "播放语音", {"下一步": "挂断"})
    await lead(
        page,
        "按键菜单",
        {"按 1": "播放语音", "按 2": "挂断", "超时未按": "挂断", "按错": "按键菜单"},
    )
    await save(page)
    await publish(page, "第一版")


async def add_sound(page: Page, name: str) -> None:
    await page.get_by_role("button", name="添加内容").first.click()
    await choose(page, "企业语音", name)


async def choose(page: Page, what: str, choice: str) -> None:
    await page.get_by_role("combobox", name=what, exact=True).first.click()
    await page.locator(".ant-select-dropdown:visible").get_by_title(choice, exact=True).click()


def sound(site: Site, office: Office, name: str) -> Path:
    """The sound of a prompt, as the switch plays it."""
    (row,) = site.rows(
        "select content_hash from prompts where enterprise_id = %s and name = %s", office.id, name
    )
    return Sounds(site.home.sounds).of(row["content_hash"])
