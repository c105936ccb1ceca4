"""The operator runs the platform: enterprises, numbers, approvals."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from pathlib import Path

from playwright.async_api import expect
from sqlalchemy import text

from hotline.kit.clock import SystemClock
from hotline.nodes.keeper import NodeKeeper
from hotline.nodes.rules import SiteRole
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.console.conftest import Visitor, person

SAVE = re.compile("保 ?存")


async def test_an_enterprise_is_made_entered_and_left(visitor: Visitor, api: ApiWorld) -> None:
    _, taken = await api.user(Role.OPERATOR)
    page = visitor.page
    await visitor.sign_in(taken, at="enterprises")
    await page.get_by_role("button", name="新建企业").first.click()
    drawer = page.get_by_role("dialog", name="新建企业")
    await drawer.get_by_label("企业名称").fill("蓝天物流")
    await drawer.get_by_label("姓名").fill("赵敏")
    await drawer.get_by_label("登录名").fill(taken)
    await drawer.get_by_role("button", name="随机生成").click()
    await drawer.get_by_role("button", name=SAVE).click()
    refused = drawer.locator(".ant-form-item").filter(has_text="登录名")
    await expect(refused).to_contain_text("已被使用")
    login = f"zhao.{taken[-12:]}"
    await drawer.get_by_label("登录名").fill(login)
    password = await drawer.get_by_label("初始密码").input_value()
    await drawer.get_by_role("button", name=SAVE).click()
    await expect(drawer).to_be_hidden()
    row = page.get_by_role("row").filter(has_text="蓝天物流")
    await expect(row).to_contain_text("¥0.00")
    await row.get_by_role("button", name=re.compile("进 ?入")).click()
    await expect(page.get_by_text("正在查看：蓝天物流")).to_be_visible()
    await page.get_by_role("link", name="成员", exact=True).click()
    await expect(page.get_by_role("row").filter(has_text="赵敏")).to_contain_text("管理员")
    await page.get_by_role("button", name="退出企业").click()
    await expect(page.get_by_role("link", name="成员", exact=True)).to_be_hidden()
    await expect(page.get_by_role("heading", name="企业", exact=True)).to_be_visible()
    await api.log_in_as(login, password)
    assert visitor.other_complaints() == []


async def test_an_enterprise_gets_money_is_suspended_and_resumed(
    visitor: Visitor, api: ApiWorld
) -> None:
    await api.enterprise("蓝天物流")
    page = visitor.page
    await visitor.sign_in(await person(api, Role.OPERATOR, None), at="enterprises")
    row = page.get_by_role("row").filter(has_text="蓝天物流")
    await row.get_by_role("button", name="调整余额").click()
    drawer = page.get_by_role("dialog", name="调整余额")
    await drawer.get_by_label("金额").fill("1200.5")
    await drawer.get_by_label("事由").fill("银行转账")
    await drawer.get_by_role("button", name=SAVE).click()
    await expect(row).to_contain_text("¥1,200.50")
    await row.get_by_role("button", name=re.compile("停 ?用")).click()
    await page.get_by_role("tooltip").get_by_role("button", name=re.compile("停 ?用")).click()
    await expect(row).to_contain_text("已停用")
    await row.get_by_role("button", name=re.compile("恢 ?复")).click()
    await expect(row).to_contain_text("正常")
    assert visitor.complaints == []


async def test_others_see_nothing_of_the_platform(visitor: Visitor, api: ApiWorld) -> None:
    login = await person(api, Role.ADMINISTRATOR, await api.enterprise())
    await visitor.sign_in(login, at="enterprises")
    await expect(visitor.page.get_by_text("没有这个页面")).to_be_visible()
    await expect(visitor.page.get_by_role("link", name="企业", exact=True)).to_be_hidden()
    await expect(visitor.page.get_by_role("link", name="企业信息")).to_be_visible()
    assert visitor.complaints == []


async def test_a_number_waits_for_approval(visitor: Visitor, api: ApiWorld) -> None:
    enterprise = await api.enterprise("蓝天物流")
    admin = await api.log_in(Role.ADMINISTRATOR, enterprise)
    for number in ("02061234567", "02061234568"):
        added = await admin.post("/api/v1/destinations", json={"number": number})
        assert added.status_code == 201
    page = visitor.page
    await visitor.sign_in(await person(api, Role.OPERATOR, None), at="approvals")
    good = page.get_by_role("row").filter(has_text="020-61234567")
    await expect(good).to_contain_text("蓝天物流")
    await good.get_by_role("button", name=re.compile("通 ?过")).click()
    await expect(good).to_be_hidden()
    await (
        page.get_by_role("row")
        .filter(has_text="020-61234568")
        .get_by_role("button", name=re.compile("驳 ?回"))
        .click()
    )
    dialog = page.get_by_role("dialog", name="驳回 020-61234568")
    await dialog.get_by_label("驳回原因").fill("缺少号码归属证明")
    await dialog.get_by_role("button", name=re.compile("驳 ?回")).click()
    await expect(page.get_by_text("没有待审核的号码")).to_be_visible()
    await page.get_by_text("已驳回", exact=True).click()
    await expect(page.get_by_role("row").filter(has_text="020-61234568")).to_contain_text(
        "缺少号码归属证明"
    )
    known = (await admin.get("/api/v1/destinations")).json()["items"]
    assert {one["number"]: one["status"] for one in known} == {
        "02061234567": "approved",
        "02061234568": "rejected",
    }
    assert visitor.complaints == []


async def test_a_number_is_assigned_and_taken_back(visitor: Visitor, api: ApiWorld) -> None:
    await api.enterprise("蓝天物流")
    page = visitor.page
    await visitor.sign_in(await person(api, Role.OPERATOR, None), at="numbers")
    await page.get_by_role("button", name="登记号码").click()
    dialog = page.get_by_role("dialog", name="登记号码")
    await dialog.get_by_label("名单内容").fill("400-600-1234,联通\n10086")
    await dialog.get_by_role("button", name="开始导入").click()
    await expect(dialog.get_by_role("row").filter(has_text="10086")).to_contain_text("不是有效")
    await dialog.locator(".ant-modal-footer").get_by_role("button").last.click()
    await page.get_by_role("tab", name="未分配").click()
    await (
        page.get_by_role("row")
        .filter(has_text="联通")
        .get_by_role("button", name=re.compile("分 ?配"))
        .click()
    )
    drawer = page.get_by_role("dialog", name="分配号码")
    await expect(drawer.get_by_label("热线号码")).to_have_value("400-600-1234")
    await drawer.get_by_label("企业").click()
    await page.get_by_title("蓝天物流").click()
    await drawer.get_by_label("热线名称").fill("客服热线")
    await drawer.get_by_role("button", name=SAVE).click()
    await expect(page.get_by_text("没有等待分配的号码")).to_be_visible()
    await page.get_by_role("tab", name="已分配").click()
    row = page.get_by_role("row").filter(has_text="400-600-1234")
    await expect(row).to_contain_text("蓝天物流")
    await row.get_by_text("客服热线").click()
    drawer = page.get_by_role("dialog", name="调整号码")
    await drawer.get_by_label("并发上限").fill("5")
    await drawer.get_by_role("button", name=SAVE).click()
    await expect(row).to_contain_text("5 路")
    await row.get_by_role("button", name=re.compile("收 ?回")).click()
    await page.get_by_role("tooltip").get_by_role("button", name=re.compile("收 ?回")).click()
    await expect(row).to_be_hidden()
    assert visitor.complaints == []


async def test_a_carrier_is_connected_changed_and_removed(visitor: Visitor, api: ApiWorld) -> None:
    page = visitor.page
    await visitor.sign_in(await person(api, Role.OPERATOR, None), at="carriers")
    await page.get_by_role("button", name="接入线路").first.click()
    drawer = page.get_by_role("dialog", name="接入线路")
    await drawer.get_by_label("代号").fill("Unicom")
    await drawer.get_by_label("运营商地址").fill("192.0.2.7")
    await drawer.get_by_role("button", name=SAVE).click()
    await expect(drawer.locator(".ant-form-item-explain-error")).to_be_visible()
    await drawer.get_by_label("代号").fill("unicom-bj")
    await drawer.get_by_role("button", name=SAVE).click()
    row = page.get_by_role("row").filter(has_text="192.0.2.7:5060 UDP")
    await expect(row).to_contain_text("尚未检测")
    await row.press("Enter")
    drawer = page.get_by_role("dialog", name="修改线路")
    await drawer.get_by_label("名称").fill("联通北京")
    await drawer.get_by_label("本地区号").fill("010")
    await drawer.get_by_role("button", name=SAVE).click()
    await expect(row).to_contain_text("联通北京")
    await page.get_by_role("button", name="显示的列").click()
    await page.get_by_role("checkbox", name="接入方式").uncheck()
    await page.keyboard.press("Escape")
    async with page.expect_download() as saved:
        await page.get_by_role("button", name="导出").click()
    text_ = Path(await (await saved.value).path()).read_text("utf-8-sig")
    assert text_.splitlines()[0] == "顺序,名称,代号,地址,连通情况"
    await row.get_by_role("button").last.click()
    await (
        page.get_by_role("tooltip")
        .get_by_role("button", name=re.compile("(确 ?定|删 ?除)"))
        .click()
    )
    await expect(page.get_by_text("还没有线路")).to_be_visible()
    assert visitor.other_complaints() == []


async def test_the_operator_sees_how_the_site_is(visitor: Visitor, api: ApiWorld) -> None:
    """Well, then with a silent switch, and only the operator does."""
    page, folder = visitor.page, Path("/")
    roles = {"main": ["api", "worker"], "east": ["switch"]}
    for node, names in roles.items():
        played = [SiteRole(name) for name in names]
        await NodeKeeper(api.database, SystemClock(), node=node, roles=played, folder=folder).say()
    operator = await api.operator()
    line = {"name": "unicom-bj", "title": "联通北京", "host": "192.0.2.7"}
    assert (await operator.post("/api/v1/carriers", json=line)).status_code == 201
    await visitor.sign_in(await person(api, Role.OPERATOR, None), at="platform-status")
    await expect(page.get_by_text("一切正常")).to_be_visible()
    east = page.get_by_role("row").filter(has_text="east")
    await expect(east).to_contain_text("通话控制")
    await expect(east).to_contain_text("在线")
    await expect(page.get_by_text("近 1 分钟未检测")).to_be_visible()
    async with api.database.platform() as session:
        silent = "update nodes set seen_at = now() - interval '1 hour' where node = 'east'"
        await session.execute(text(silent))
    await page.reload()
    await expect(page.get_by_role("listitem").first).to_contain_text("没有进程承担“通话控制”")
    await expect(page.get_by_text("节点 east 已失联 1:00:0")).to_be_visible()
    await expect(east).to_contain_text("失联")
    await page.get_by_role("link", name="今天").click()
    await page.get_by_role("link", name="平台有 2 个问题需要处理").click()
    await expect(page.get_by_role("heading", name="平台状态")).to_be_visible()
    assert visitor.complaints == []


async def test_a_list_is_saved_as_it_is_shown(visitor: Visitor, api: ApiWorld) -> None:
    """All of it, not the page of it; without the columns that are not shown."""
    for number in range(60):
        await api.enterprise(f"企业{number:02}" if number else "=cmd")
    page = visitor.page
    await visitor.sign_in(await person(api, Role.OPERATOR, None), at="enterprises")
    await expect(page.get_by_role("row").filter(has_text="企业59")).to_be_visible()
    await page.get_by_role("button", name="显示的列").click()
    await page.get_by_role("checkbox", name="信用额度").uncheck()
    await page.keyboard.press("Escape")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="导出").click()
    saved = await (await download.value).path()
    rows = list(csv.reader(saved.read_text("utf-8-sig").splitlines()))
    assert rows[0] == ["企业名称", "状态", "余额", "开通时间"]
    assert [row[0] for row in rows[1:]] == [f"企业{n:02}" for n in range(59, 0, -1)] + ["'=cmd"]
    assert rows[1][1:3] == ["正常", "¥0.00"]
    datetime.strptime(rows[1][3], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007  as people write it
    assert visitor.complaints == []
