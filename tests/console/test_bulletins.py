"""Announcements go from those in charge to the agents' desks, and come back as read."""

from __future__ import annotations

import re

from playwright.async_api import Browser, ViewportSize, expect

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.business import Business
from tests.console.conftest import Visitor
from tests.console.pages import somebody


async def test_posted_read_on_the_desk_and_seen_to_be_read(
    visitor: Visitor, api: ApiWorld, browser: Browser, supervisor: tuple[Business, str]
) -> None:
    business, boss = supervisor
    page = visitor.page
    await visitor.sign_in(boss, at="bulletins")
    await expect(page.get_by_text("还没有公告")).to_be_visible()

    desk = await browser.new_page(viewport=ViewportSize(width=1366, height=768), locale="zh-CN")
    agent = Visitor(desk, visitor.address, [])
    desk.on("pageerror", lambda error: agent.complaints.append(str(error)))
    await agent.sign_in(await somebody(api, Role.AGENT, business), at="desk")
    await expect(desk.get_by_text("没有公告")).to_be_visible()

    await page.get_by_role("button", name="发布公告").first.click()
    form = page.get_by_role("dialog")
    await form.get_by_role("button", name=re.compile("保 ?存")).click()
    await expect(form.get_by_text("请填写")).to_be_visible()
    await form.get_by_label("标题").fill("系统今晚升级")
    await form.get_by_label("内容").fill("22 点至 23 点\n请提前完成备注")
    await form.get_by_role("checkbox", name="重要").check()
    await form.get_by_role("button", name=re.compile("保 ?存")).click()
    row = page.get_by_role("row").filter(has_text="系统今晚升级")
    await expect(row).to_contain_text("显示中")
    read = row.get_by_role("button", name="谁读了 系统今晚升级")
    await expect(read).to_have_text("0 / 2")

    # It comes by itself, says so, and stands there until it is read.
    await expect(desk.get_by_text("新公告：系统今晚升级")).to_be_visible()
    await expect(desk.get_by_role("button", name="公告，1 条未读")).to_be_visible()
    important = desk.get_by_role("alert").filter(has_text="请提前完成备注")
    await important.get_by_role("button", name="我已阅读").click()
    await expect(important).to_have_count(0)
    await expect(desk.get_by_role("button", name="公告，0 条未读")).to_be_visible()
    await desk.get_by_role("list", name="公告").get_by_text("系统今晚升级").click()
    await expect(desk.get_by_role("dialog")).to_contain_text("22 点至 23 点")

    await expect(read).to_have_text("1 / 2")
    await read.click()
    readers = page.get_by_role("dialog")
    await expect(readers.get_by_role("row").filter(has_text="主管 8001")).to_contain_text("未读")
    await expect(readers.get_by_role("row").filter(has_text="王芳 1001")).to_contain_text(":")
    assert visitor.complaints == agent.complaints == []
