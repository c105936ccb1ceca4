"""An administrator draws a flow, mends what is wrong, publishes it and walks it in mind."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.console.conftest import Visitor, person
from tests.console.editor import begin, lead, press, publish, save
from tests.slices.helpers import API, body_of

END: dict[str, Any] = {"id": "end", "kind": "hangup", "exits": {}}
BUSY = {"id": "busy", "kind": "hangup", "title": "都忙", "exits": {}}
MENU: dict[str, Any] = {"id": "menu", "kind": "menu", "sounds": [], "keys": ["1", "2"]}
FLOW = {
    "start": "menu",
    "nodes": [
        {**MENU, "exits": {"1": "end", "2": "busy", "timeout": "end", "wrong": "menu"}},
        END,
        BUSY,
    ],
}


async def test_an_administrator_builds_and_publishes_a_flow(
    visitor: Visitor, api: ApiWorld
) -> None:
    enterprise, page = await api.enterprise(), visitor.page
    admin = await api.log_in(Role.ADMINISTRATOR, enterprise)
    body_of(await admin.post(f"{API}/queues", json={"name": "售后"}), 201)
    await visitor.sign_in(await person(api, Role.ADMINISTRATOR, enterprise))
    await page.get_by_role("link", name="语音流程").click()
    await expect(page.get_by_text("还没有流程")).to_be_visible()
    await begin(page, "主菜单")
    await draw(page)
    await mend(page)
    await page.get_by_role("button", name="自动排列").click()
    await save(page)
    await publish(page, "第一版")
    await imagine(page)
    assert visitor.complaints == []


async def draw(page: Page) -> None:
    palette = page.get_by_role("navigation", name="步骤")
    # By mouse: a greeting and a menu, which the greeting leads to.
    await palette.get_by_role("button", name="播放语音").click()
    await palette.get_by_role("button", name="按键菜单").click()
    # By keyboard: the queue that key 1 leads to, and what comes where nobody answers.
    await palette.get_by_role("button", name="座席组").press("Enter")
    await page.get_by_role("combobox", name="座席组", exact=True).click()
    await press(page.get_by_title("售后"))
    await palette.get_by_role("button", name="挂断").press("Enter")
    card = page.locator(".flow-card")
    await expect(card).to_have_count(4)
    await lead(page, "座席组", {"无法使用": "挂断"})
    await lead(page, "按键菜单", {"超时未按": "挂断", "按错": "按键菜单"})


async def mend(page: Page) -> None:
    """What is still wrong stands at the step and in the list; a click goes there."""
    await page.get_by_role("tab", name="问题").click()
    problem = page.get_by_role("button", name="出口“按 2”没有连接")
    await page.get_by_role("button", name="发 布").click()
    await problem.click()
    await page.get_by_role("tab", name="步骤设置").click()
    await page.get_by_role("group", name="有效按键").get_by_role("button", name="按 2").click()
    await page.get_by_role("tab", name="问题").click()
    await expect(page.get_by_text("没有问题，可以发布")).to_be_visible()


async def imagine(page: Page) -> None:
    """An imagined call presses 1 and is lit up as far as the queue."""
    await page.get_by_role("tab", name="试运行").click()
    await page.get_by_role("textbox", name="第 1 次").fill("1")
    await page.get_by_role("tabpanel", name="试运行").get_by_role("button", name="试运行").click()
    way = page.get_by_role("region", name="试运行")
    await expect(way).to_contain_text("按键菜单 → 按 1")
    await way.get_by_role("button", name="全 部").click()
    await expect(page.locator(".flow-card.passed")).to_have_count(3)
    await expect(page.locator(".flow-card.current")).to_contain_text("售后")
    await way.get_by_role("combobox", name="假设结果").click()
    await press(page.locator(".ant-select-item-option").filter(has_text="等待超时"))
    await expect(way).to_contain_text("系统挂断")
    await way.get_by_role("button", name="全 部").click()
    await expect(page.locator(".flow-card.passed")).to_have_count(4)


async def test_nothing_is_lost_by_leaving_or_by_another(visitor: Visitor, api: ApiWorld) -> None:
    enterprise, page = await api.enterprise(), visitor.page
    admin = await api.log_in(Role.ADMINISTRATOR, enterprise)
    flow = body_of(await admin.post(f"{API}/flows", json={"name": "夜间", "draft": FLOW}), 201)
    await visitor.sign_in(await person(api, Role.ADMINISTRATOR, enterprise))
    await page.get_by_role("link", name="语音流程").click()
    await page.get_by_role("link", name="夜间").click()
    await expect(page.locator(".flow-card")).to_have_count(3)
    await page.locator(".react-flow__node").filter(has_text="都忙").click()
    await page.keyboard.press("Control+d")
    await expect(page.locator(".flow-card")).to_have_count(4)
    await page.keyboard.press("Control+z")
    await expect(page.locator(".flow-card")).to_have_count(3)
    await page.locator(".react-flow__node").filter(has_text="都忙").click()
    await page.keyboard.press("Delete")
    await expect(page.locator(".flow-card")).to_have_count(2)
    await page.get_by_role("link", name="返回列表").click()
    leaving = page.get_by_role("dialog")
    await expect(leaving).to_contain_text("未保存的修改会丢失")
    await press(leaving.get_by_role("button", name="留 下"))

    theirs = {"draft": {"start": "end", "nodes": [END]}}
    address = f"{API}/flows/{flow['id']}"
    body_of(await admin.patch(address, json=theirs, headers={"If-Match": "*"}))
    await page.get_by_role("button", name="保 存").click()
    conflict = page.get_by_role("dialog")
    await expect(conflict).to_contain_text("已被他人修改")
    await press(conflict.get_by_role("button", name="用我的覆盖"))
    await expect(page.get_by_role("status")).to_have_text("草稿已保存")
    kept = body_of(await admin.get(address))["draft"]["nodes"]
    assert [node["id"] for node in kept] == ["menu", "end"]
    assert "2" not in kept[0]["exits"]
    assert [one for one in visitor.complaints if "412" not in one] == []


async def test_steps_and_ways_are_drawn_by_the_mouse(visitor: Visitor, api: ApiWorld) -> None:
    enterprise, page = await api.enterprise(), visitor.page
    admin = await api.log_in(Role.ADMINISTRATOR, enterprise)
    flow = body_of(await admin.post(f"{API}/flows", json={"name": "夜间", "draft": FLOW}), 201)
    login = await person(api, Role.ADMINISTRATOR, enterprise)
    await visitor.sign_in(login, at=f"flows/{flow['id']}")
    cards = page.locator(".react-flow__node")
    await expect(cards).to_have_count(3)
    canvas = page.locator(".flow-canvas")
    kind = page.get_by_role("navigation", name="步骤").get_by_role("button", name="播放语音")
    await kind.drag_to(canvas, target_position={"x": 90, "y": 520})
    await expect(cards).to_have_count(4)
    play = cards.filter(has_text="播放语音")
    ways = page.locator(".react-flow__edge")
    await expect(ways).to_have_count(4)
    target = cards.filter(has_text="都忙").locator(".react-flow__handle-left")
    await drag(page, play.locator(".react-flow__handle-right"), await middle(target))
    await expect(ways).to_have_count(5)
    x, y = await middle(play.locator("header"))
    await drag(page, play.locator("header"), (x + 120, y - 30))
    await save(page)
    assert await middle(play.locator("header")) == pytest.approx((x + 120, y - 30), abs=30)
    kept = body_of(await admin.get(f"{API}/flows/{flow['id']}"))["draft"]["nodes"]
    assert kept[-1]["exits"] == {"next": "busy"}
    assert visitor.complaints == []


async def test_hours_have_dates_a_calendar_and_a_zone_of_their_own(
    visitor: Visitor, api: ApiWorld
) -> None:
    """And a person asked for by name needs no extension."""
    enterprise, page = await api.enterprise(), visitor.page
    await page.clock.set_fixed_time("2026-02-10T04:00:00Z")
    admin = await api.log_in(Role.ADMINISTRATOR, enterprise)
    hours = {"id": "hours", "kind": "schedule", "exits": {"way-1": "who", "otherwise": "end"}}
    periods = [{"exit": "way-1", "weekly": {"1": [["09:00", "18:00"]]}}]
    who = {"id": "who", "kind": "extension", "exits": {"unanswered": "end", "unknown": "end"}}
    nodes = [{**hours, "periods": periods}, who, END]
    body = {"name": "分时", "draft": {"start": "hours", "nodes": nodes}}
    flow = body_of(await admin.post(f"{API}/flows", json=body), 201)
    login = await person(api, Role.ADMINISTRATOR, enterprise)
    await visitor.sign_in(login, at=f"flows/{flow['id']}")
    cards = page.locator(".react-flow__node")
    await cards.filter(has_text="营业时间").click()
    await page.get_by_role("button", name="特殊日期（0）").click()
    own = page.get_by_role("dialog", name="特殊日期")
    await own.get_by_role("button", name="2026-02-18").click()
    await page.get_by_role("radio", name="全天休息").check()
    await page.get_by_role("button", name="确 定").click()
    await own.get_by_role("button", name="关闭").click()
    await expect(page.get_by_role("button", name="特殊日期（1）")).to_be_visible()
    await choose(page, "节假日日历", "中国法定节假日")
    await page.get_by_role("button", name="更多设置").click()
    await page.get_by_role("combobox", name="时区").fill("Urumqi")
    await page.keyboard.press("Enter")
    await expect(page.locator(".ant-select-dropdown:visible")).to_have_count(0)
    further = page.get_by_role("group", name="另加的节假日")
    await further.locator(".ant-picker").click()
    days = page.locator(".ant-picker-dropdown:visible")
    await expect(days).not_to_have_class(re.compile("ant-slide"))  # it takes no day on its way
    await press(days.get_by_title("2026-02-20"))
    await expect(further).to_contain_text("2026-02-20")
    await page.keyboard.press("Escape")
    await cards.filter(has_text="转分机").click()
    await choose(page, "怎样找到座席", "按姓名")
    await page.keyboard.press("Control+s")
    await expect(page.get_by_role("status")).to_have_text("草稿已保存")
    draft = body_of(await admin.get(f"{API}/flows/{flow['id']}"))["draft"]
    kept, called = draft["nodes"][:2]
    assert kept["periods"][0]["special_days"] == {"2026-02-18": []}
    assert (kept["calendar"], kept["time_zone"]) == ("china", "Asia/Urumqi")
    assert (kept["holidays"], called["by"]) == (["2026-02-20"], "name")
    assert visitor.complaints == []


async def choose(page: Page, setting: str, choice: str) -> None:
    await page.get_by_role("combobox", name=setting, exact=True).click()
    await press(page.locator(".ant-select-item-option").filter(has_text=choice))


async def middle(shown: Locator) -> tuple[float, float]:
    box = await shown.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def drag(page: Page, what: Locator, to: tuple[float, float]) -> None:
    await page.mouse.move(*await middle(what))
    await page.mouse.down()
    await page.mouse.move(*to, steps=8)
    await page.mouse.up()


async def test_versions_are_compared_and_taken_back(visitor: Visitor, api: ApiWorld) -> None:
    enterprise, page = await api.enterprise(), visitor.page
    admin = await api.log_in(Role.ADMINISTRATOR, enterprise)
    flow = body_of(await admin.post(f"{API}/flows", json={"name": "夜间", "draft": FLOW}), 201)
    address, whatever = f"{API}/flows/{flow['id']}", {"If-Match": "*"}
    body_of(await admin.post(f"{address}/publish", json={"note": "一"}, headers=whatever))
    shorter: dict[str, Any] = {"start": "end", "nodes": [END]}
    body_of(await admin.patch(address, json={"draft": shorter}, headers=whatever))
    body_of(await admin.post(f"{address}/publish", json={"note": "二"}, headers=whatever))
    await visitor.sign_in(await person(api, Role.SUPERVISOR, enterprise), at=f"flows/{flow['id']}")
    await page.get_by_role("tab", name="版本").click()
    await page.get_by_role("button", name="与草稿对比").last.click()
    await expect(page.get_by_text("草稿与第 1 版的差别")).to_be_visible()
    await expect(page.get_by_role("button", name="按键菜单")).to_contain_text(["删除"])
    await page.get_by_role("button", name="恢复使用").click()
    await page.get_by_role("tooltip").get_by_role("button", name="确 定").click()
    await expect(page.get_by_text("第 1 版使用中", exact=True).first).to_be_visible()
    assert visitor.complaints == []


async def test_an_agent_sees_no_flows(visitor: Visitor, api: ApiWorld) -> None:
    enterprise, page = await api.enterprise(), visitor.page
    await visitor.sign_in(await person(api, Role.AGENT, enterprise), at="flows")
    await expect(page.get_by_text("没有这个页面")).to_be_visible()
    await expect(page.get_by_role("link", name="语音流程")).to_have_count(0)
