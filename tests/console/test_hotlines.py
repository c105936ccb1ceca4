"""An administrator sets up hotlines: settings, groups, hours, the blacklist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
from playwright.async_api import Page, expect
from sqlalchemy import insert, update

from hotline.enterprises.models import enterprises
from hotline.hotlines.models import destinations, hotlines
from hotline.kit.ids import new_id
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.console.conftest import Visitor, person


async def a_hotline(api: ApiWorld, enterprise: UUID, number: str = "4006001234") -> UUID:
    hotline_id = new_id()
    async with api.database.platform() as session:
        await session.execute(
            update(enterprises).where(enterprises.c.id == enterprise).values(balance=100)
        )
        await session.execute(
            insert(hotlines).values(
                id=hotline_id, enterprise_id=enterprise, number=number, name="客服热线"
            )
        )
    return hotline_id


async def a_destination(api: ApiWorld, enterprise: UUID, number: str, label: str) -> None:
    async with api.database.platform() as session:
        await session.execute(
            insert(destinations).values(
                id=new_id(), enterprise_id=enterprise, number=number, label=label, status="approved"
            )
        )


async def choose(page: Page, label: str, option: str) -> None:
    """An option of the select with that label."""
    await page.get_by_label(label, exact=True).first.click()
    await page.locator(".ant-select-dropdown:visible").get_by_text(option).first.click()


async def settings_of(client: httpx.AsyncClient, hotline_id: UUID) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/hotlines/{hotline_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_group_is_formed_and_a_hotline_forwards_to_it(
    visitor: Visitor, api: ApiWorld
) -> None:
    enterprise, page = await api.enterprise(), visitor.page
    hotline_id = await a_hotline(api, enterprise)
    await a_destination(api, enterprise, "13900000001", "前台")
    await a_destination(api, enterprise, "13900000002", "值班")
    client = await api.log_in(Role.ADMINISTRATOR, enterprise)
    queue = (await client.post("/api/v1/queues", json={"name": "售后组"})).json()
    await visitor.sign_in(await person(api, Role.ADMINISTRATOR, enterprise))
    await page.get_by_role("link", name="呼转号码组").click()
    await page.get_by_role("button", name="新建呼转号码组").first.click()
    await page.get_by_label("名称").fill("客服")
    await page.get_by_role("radio", name="轮流").check()
    await choose(page, "添加号码", "前台")
    await choose(page, "添加号码", "值班")
    await page.get_by_role("button", name="上移 13900000002").click()
    await page.get_by_role("button", name="保 存").click()
    row = page.get_by_role("row").filter(has_text="客服")
    await expect(row).to_contain_text("值班前台")
    await page.get_by_role("link", name="热线号码").click()
    await page.get_by_text("400-600-1234").click()
    await choose(page, "呼转号码组", "客服")
    await page.get_by_label("让来电者按键选择").click()
    await page.get_by_role("button", name="添加按键").click()
    key = page.get_by_role("group", name="按键 1")
    await key.get_by_label("名称（可选）").fill("售后服务")
    await choose(page, "座席组", "售后组")
    await page.get_by_role("tab", name="录音").click()
    await page.get_by_label("通话录音").click()
    await page.get_by_role("button", name="保 存").click()
    await expect(page.get_by_role("button", name="保 存")).to_be_disabled()
    await page.get_by_role("tab", name="模拟来电").click()
    await page.get_by_label("来电号码").fill("13812345678")
    await page.get_by_role("button", name="开始模拟").click()
    await expect(page.get_by_text("转接：客服", exact=True)).to_be_visible()
    await page.get_by_role("textbox", name="按键", exact=True).fill("1")
    await page.get_by_role("button", name="开始模拟").click()
    await expect(page.get_by_text("售后服务", exact=True)).to_be_visible()
    settings = await settings_of(client, hotline_id)
    group = (await client.get(f"/api/v1/forwarding-groups/{settings['group_id']}")).json()
    assert (group["strategy"], settings["recording"]) == ("sequential", True)
    [chosen] = settings["menu"]["keys"]
    assert chosen == {"key": "1", "to": "queue", "id": queue["id"], "label": "售后服务"}
    assert [member["number"] for member in group["members"]] == ["13900000002", "13900000001"]
    assert visitor.complaints == []


async def test_what_is_refused_stands_at_its_field(visitor: Visitor, api: ApiWorld) -> None:
    enterprise, page = await api.enterprise(), visitor.page
    await a_hotline(api, enterprise)
    await visitor.sign_in(await person(api, Role.ADMINISTRATOR, enterprise))
    await page.get_by_role("link", name="热线号码").click()
    await page.get_by_text("400-600-1234").click()
    await page.get_by_role("radio", name="按流程导航").check()
    await page.get_by_role("tab", name="号码信息").click()
    await page.get_by_role("button", name="保 存").click()
    # The tab with the error opens.
    error = page.locator(".ant-form-item-explain-error:visible")
    await expect(error).to_have_text("请选择一个已发布的流程")
    await page.get_by_role("link", name="接听号码").click()
    await page.get_by_role("button", name="添加号码").first.click()
    await page.get_by_label("号码", exact=True).fill("10086")
    await page.get_by_role("button", name="保 存").click()
    await expect(page.locator(".ant-form-item-explain-error:visible")).to_contain_text("号码")
    visitor.complaints = [one for one in visitor.complaints if "422" not in one]
    assert visitor.complaints == []


async def test_a_blacklist_is_imported_and_bad_lines_are_told(
    visitor: Visitor, api: ApiWorld
) -> None:
    enterprise, page = await api.enterprise(), visitor.page
    await visitor.sign_in(await person(api, Role.ADMINISTRATOR, enterprise))
    await page.get_by_role("link", name="黑名单").click()
    await page.get_by_role("button", name="批量导入").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("tab", name="选择文件").click()
    lines = "号码,截止日期,备注\r\n13812345678,,骚扰\r\nabc\r\n13900000000,昨天\r\n13812345678\r\n"
    await dialog.locator("input[type=file]").set_input_files(
        {"name": "名单.csv", "mimeType": "text/csv", "buffer": lines.encode("gb18030")}
    )
    await expect(dialog.get_by_text("共 5 行")).to_be_visible()
    await dialog.get_by_role("button", name="开始导入").click()
    await expect(dialog.get_by_text("新增 1 条，已存在 1 条，有误 2 行")).to_be_visible()
    await expect(dialog.get_by_role("row").filter(has_text="abc")).to_contain_text("3")
    await expect(dialog.get_by_role("row").filter(has_text="昨天")).to_contain_text("不是日期")
    await dialog.get_by_role("button", name="把有误的行改好再导入").click()
    await expect(dialog.get_by_label("名单内容")).to_have_value("abc\n13900000000,昨天")
    await dialog.get_by_role("button", name="取 消").click()
    await expect(page.get_by_role("row").filter(has_text="138 1234 5678")).to_contain_text("骚扰")
    assert visitor.complaints == []


async def test_public_holidays_are_filled_in(visitor: Visitor, api: ApiWorld) -> None:
    enterprise, page = await api.enterprise(), visitor.page
    await page.clock.set_fixed_time("2026-02-10T04:00:00Z")
    login = await person(api, Role.ADMINISTRATOR, enterprise)
    await visitor.sign_in(login, at="schedules/new")
    await expect(page.get_by_text("2026年2月", exact=True)).to_be_visible()
    await page.get_by_role("button", name="填入 2026 年法定节假日").click()
    await expect(page.get_by_role("button", name="2026-02-17 春节 休息")).to_be_visible()
    await page.get_by_role("combobox", name="时区").fill("Urumqi")
    # What Enter takes is there only once the list has been narrowed down.
    await expect(page.locator(".ant-select-item-option-active")).to_contain_text("Urumqi")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="2026-02-18").click()
    await page.get_by_role("radio", name="另定时间").check()
    await page.get_by_role("button", name="确 定").click()
    await page.get_by_role("button", name="保 存").click()
    await expect(page.get_by_role("row").filter(has_text="工作时间")).to_contain_text("周一至周五")
    client = await api.log_in(Role.ADMINISTRATOR, enterprise)
    [schedule] = (await client.get("/api/v1/schedules")).json()["items"]
    days = schedule["special_days"]
    assert (days["2026-02-17"], days["2026-02-18"]) == ([], [["09:00", "18:00"]])
    assert schedule["time_zone"] == "Asia/Urumqi"
    assert days["2026-02-28"] == [["09:00", "18:00"]], "a make-up workday"
    assert visitor.complaints == []


async def test_an_operator_sets_up_an_enterprise_that_was_entered(
    visitor: Visitor, api: ApiWorld
) -> None:
    ours, page = await api.enterprise("甲公司"), visitor.page
    await visitor.sign_in(await person(api, Role.OPERATOR, None))
    await expect(page.get_by_role("navigation")).to_be_visible()
    await page.evaluate(
        "chosen => sessionStorage.setItem('acting-for', JSON.stringify(chosen))",
        {"id": str(ours), "name": "甲公司"},
    )
    await page.goto(f"{visitor.address}/destinations")
    await page.get_by_role("button", name="添加号码").first.click()
    await page.get_by_label("号码", exact=True).fill("13900000001")
    await page.get_by_role("button", name="保 存").click()
    await expect(page.get_by_role("row").filter(has_text="139 0000 0001")).to_contain_text("待审核")
    assert visitor.complaints == []


async def test_agents_see_nothing_of_it(visitor: Visitor, api: ApiWorld) -> None:
    enterprise, page = await api.enterprise(), visitor.page
    await visitor.sign_in(await person(api, Role.AGENT, enterprise), at="blacklist")
    await expect(page.get_by_text("没有这个页面")).to_be_visible()
    await expect(page.get_by_role("link", name="热线号码")).to_have_count(0)
