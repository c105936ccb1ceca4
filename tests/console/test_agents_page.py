"""An administrator sets up agents, and what goes with them."""

from __future__ import annotations

import re

import pytest_asyncio
from playwright.async_api import expect

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.business import Business
from tests.console.conftest import Visitor

SAVE = re.compile("^保 ?存$")


@pytest_asyncio.fixture(loop_scope="session")
async def administrator(api: ApiWorld) -> tuple[Business, str]:
    user_id, login = await api.user(Role.ADMINISTRATOR, enterprise := await api.enterprise())
    business = Business(api, enterprise)
    await business.found(user_id)
    return business, login


async def test_an_agent_gets_a_sip_phone(
    visitor: Visitor, administrator: tuple[Business, str]
) -> None:
    business, login = administrator
    page = visitor.page
    await visitor.sign_in(login, at="agents")
    await page.get_by_role("button", name="新建座席").click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("分机", exact=True).fill("1008")
    await drawer.get_by_label("姓名").fill("李娜")
    await drawer.get_by_role("combobox", name="接听方式").click()
    await page.locator(".ant-select-item-option").get_by_text("SIP 话机", exact=True).click()
    await drawer.get_by_role("button", name="添加技能").click()
    await drawer.get_by_role("combobox", name="技能").fill("英语")
    await drawer.get_by_role("button", name=SAVE).click()
    row = page.get_by_role("row").filter(has_text="李娜")
    await expect(row).to_contain_text("英语 5")
    await row.click()
    await drawer.get_by_role("button", name="生成新密码").click()
    await page.get_by_role("tooltip").get_by_role("button", name=re.compile("确 ?定")).click()
    shown = page.get_by_role("dialog", name="SIP 话机账号")
    secret = await shown.locator("code").inner_text()
    assert len(secret) > 10
    [kept] = await business.sql(
        "select s.account from sip_accounts s join agents a on a.id = s.agent_id"
        " where a.extension = '1008' and not s.webrtc"
    )
    await expect(shown).to_contain_text(kept["account"])
    await shown.get_by_role("button", name="知道了").click()
    await expect(shown).to_have_count(0)
    assert visitor.complaints == []


async def test_agents_are_imported_line_by_line(
    visitor: Visitor, administrator: tuple[Business, str]
) -> None:
    _, login = administrator
    page = visitor.page
    await visitor.sign_in(login, at="agents")
    await page.get_by_role("button", name="批量导入").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("名单内容").fill("2001,赵磊\n1001,重复的人\n2002,周敏,,,英语:8")
    await dialog.get_by_role("button", name="开始导入").click()
    await expect(dialog).to_contain_text("新增 2 条")
    await expect(dialog.get_by_role("row").filter(has_text="重复的人")).to_contain_text("2")
    await dialog.get_by_role("button", name=re.compile("关 ?闭")).last.click()
    await expect(page.get_by_role("row").filter(has_text="周敏")).to_contain_text("英语 8")
    assert visitor.complaints == []


async def test_break_reasons_dispositions_and_numbers(
    visitor: Visitor, administrator: tuple[Business, str]
) -> None:
    _, login = administrator
    page = visitor.page
    await visitor.sign_in(login, at="breaks")
    await page.get_by_role("button", name="添加小结选项").click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("名称").fill("成交")
    await drawer.get_by_label("代码").fill("sold")
    await drawer.get_by_role("button", name=SAVE).click()
    await expect(page.get_by_role("row").filter(has_text="成交")).to_contain_text("sold")
    await page.goto(f"{visitor.address}/caller-numbers")
    await page.get_by_role("button", name="登记号码").click()
    await drawer.get_by_label("号码").fill("021-50000000")
    await drawer.get_by_role("button", name=SAVE).click()
    await expect(page.get_by_role("row").filter(has_text="021-50000000")).to_contain_text("待审核")
    assert visitor.complaints == []
