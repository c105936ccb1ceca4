"""Supervisors watch what goes on and step in."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import expect

from hotline.kit.ids import new_id
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.business import Business, moments_ago
from tests.console.conftest import Visitor, person


async def test_a_call_appears_and_is_ended(
    visitor: Visitor, supervisor: tuple[Business, str]
) -> None:
    business, login = supervisor
    page = visitor.page
    await visitor.sign_in(login, at="live")
    await expect(page.get_by_text("现在没有通话")).to_be_visible()
    call_id = await business.call(moments_ago(40))
    await business.line(call_id, 1, moments_ago(30), connected=moments_ago(20))
    await business.tell(call_id, "connected")
    row = page.get_by_role("row").filter(has_text="138 0000 0000")
    await expect(row).to_contain_text("王芳 1001")
    await expect(row.get_by_role("timer")).to_contain_text("0:2")
    await row.get_by_role("button", name="挂断").click()
    told = asyncio.create_task(business.obey())
    await page.get_by_role("tooltip").get_by_role("button", name=re.compile("挂 ?断")).click()
    assert (await told)["verb"] == "hangup"
    await expect(page.get_by_text("已挂断")).to_be_visible()
    assert visitor.complaints == []


async def test_listening_and_going_over_to_whispering(
    visitor: Visitor, supervisor: tuple[Business, str]
) -> None:
    business, login = supervisor
    page, call_id = visitor.page, await business.call(moments_ago(40))
    await business.line(call_id, 1, moments_ago(30), connected=moments_ago(20))
    await visitor.sign_in(login, at="live")
    told = asyncio.create_task(business.obey())
    await page.get_by_role("button", name="监听").click()
    assert (await told)["verb"] == "listen"
    await business.presence(
        business.own_agent_id, "talking", reason="supervising", call_id=call_id, node="n"
    )
    await business.insert(
        "call_supervisions",
        id=new_id(),
        call_id=call_id,
        node="n",
        agent_id=business.own_agent_id,
        mode="listen",
        state="active",
        asked_at=moments_ago(2),
        began_at=moments_ago(1),
    )
    bar = page.get_by_role("alert")
    await expect(bar).to_contain_text("正在监听 · 138 0000 0000")
    told = asyncio.create_task(business.obey())
    await bar.get_by_text("密语").click()
    command = await told
    assert (command["verb"], command["arguments"]["change"]) == ("whisper", True)
    assert visitor.complaints == []


async def test_the_wallboard_follows_what_happens(
    visitor: Visitor, supervisor: tuple[Business, str]
) -> None:
    business, login = supervisor
    page = visitor.page
    await visitor.sign_in(login, at="wallboard")
    queue = page.locator(".ant-card").filter(has_text="20 秒内接起")
    await expect(queue).to_contain_text("正在排队0")
    await business.entry(await business.call(moments_ago(70)), moments_ago(65))
    await expect(queue).to_contain_text("正在排队1")
    await expect(queue.get_by_role("timer")).to_contain_text("1:")
    await business.presence(business.agent_id, "break", reason="用餐")
    await expect(page.get_by_text("小休 · 用餐")).to_be_visible()
    await page.get_by_role("button", name="全屏").click()
    await expect(page.get_by_role("button", name="退出全屏")).to_be_visible()
    assert await page.evaluate("document.fullscreenElement.innerText.includes('小休 · 用餐')")
    await business.presence(business.agent_id, "ready")
    await expect(page.get_by_text("小休 · 用餐")).to_have_count(0)
    await page.get_by_role("button", name="退出全屏").click()
    await expect(page.get_by_role("navigation")).to_be_visible()
    assert visitor.complaints == []


async def test_an_agent_is_sent_on_a_break(
    visitor: Visitor, supervisor: tuple[Business, str]
) -> None:
    _, login = supervisor
    page = visitor.page
    await visitor.sign_in(login, at="agent-states")
    row = page.get_by_role("row").filter(has_text="王芳")
    await expect(row).to_contain_text("离线")
    await row.get_by_role("button", name="改状态").click()
    await page.get_by_text("小休：培训").click()
    await expect(row).to_contain_text("小休 · 培训")
    assert visitor.complaints == []


async def test_agents_see_none_of_it(
    visitor: Visitor, api: ApiWorld, supervisor: tuple[Business, str]
) -> None:
    business, _ = supervisor
    page = visitor.page
    await visitor.sign_in(await person(api, Role.AGENT, business.id), at="live")
    await expect(page.get_by_text("没有这个页面")).to_be_visible()
    menu = page.get_by_role("navigation")
    for name in ("大屏监控", "实时通话", "座席状态", "通话记录", "质检评分表"):
        await expect(menu.get_by_text(name)).to_have_count(0)
