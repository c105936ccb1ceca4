"""The pages around an agent's desk. The calls themselves: tests/webrtc."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from uuid import UUID

from playwright.async_api import expect

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.console.conftest import Visitor
from tests.slices.helpers import API, body_of
from tests.slices.test_agents import agent
from tests.slices.test_own_calls import take_call
from tests.slices.test_voicemail import BOXES, Callers, controller


async def employ(api: ApiWorld, ours: UUID, extension: str = "1001") -> tuple[str, str]:
    """(login, agent) of somebody with a SIP phone."""
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    user_id, login = await api.user(Role.AGENT, ours)
    made = await agent(admin, extension, user_id=str(user_id), device="sip")
    return login, made["id"]


async def test_notes_on_own_calls_and_breaks(visitor: Visitor, api: ApiWorld) -> None:
    ours, page = await api.enterprise(), visitor.page
    login, me = await employ(api, ours)
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    sold = {"code": "sold", "name": "已成交"}
    body_of(await admin.post(f"{API}/dispositions", json=sold), 201)
    body_of(await admin.post(f"{API}/break-reasons", json={"name": "外出"}), 201)
    await take_call(api, ours, (me, "agent", "answered"))

    await visitor.sign_in(login)
    await page.get_by_role("link", name="座席工作台").first.click()
    await expect(page.get_by_role("heading", name="座席工作台")).to_be_visible()
    await expect(page).to_have_title("座席工作台 · Hotline 400 热线")
    await page.keyboard.press("Alt+KeyR")
    await expect(page.get_by_text("等待来电")).to_be_visible()
    await page.get_by_role("button", name="切换状态: 空闲").click()
    await page.get_by_role("menuitem", name="外出").click()
    await expect(page.get_by_role("button", name="切换状态: 小休 · 外出")).to_be_visible()

    await page.get_by_role("link", name="全部通话").click()
    await expect(page.get_by_role("heading", name="我的通话")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="138 1234 5678")
    await row.focus()
    await page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    await drawer.get_by_text("已成交").click()
    await drawer.get_by_label("备注").fill("要求开票")
    await expect(drawer.get_by_text("已保存")).to_be_visible()
    await expect(row).to_contain_text("已成交")
    await expect(row).to_contain_text("要求开票")
    assert visitor.complaints == []


async def test_own_messages_are_heard_and_dealt_with(
    visitor: Visitor, api: ApiWorld, tmp_path: Path
) -> None:
    ours, page = await api.enterprise(), visitor.page
    login, me = await employ(api, ours)
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    box = body_of(await admin.post(BOXES, json={"name": "王芳", "agent_id": me}), 201)
    other = body_of(await admin.post(BOXES, json={"name": "总台"}), 201)
    callers = Callers(api, ours, tmp_path)
    await callers.leaves(box["id"])
    await callers.leaves(other["id"], "13700000000")

    await visitor.sign_in(login)
    await page.get_by_role("link", name="我的留言").click()
    await page.get_by_text("未听", exact=True).first.click()
    row = page.get_by_role("row").filter(has_text="138 1234 5678")
    await row.click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_role("button", name="播放").click()
    await expect(drawer.get_by_text("已听")).to_be_visible()
    await expect(row).to_have_count(0)  # it has left the list, and is listened to all the same
    told = asyncio.create_task(controller(callers, "done"))
    await drawer.get_by_role("button", name="回电").click()
    assert (await told)["arguments"]["number"] == "13812345678"
    await expect(drawer.get_by_text("回电记录")).to_be_visible()
    await drawer.get_by_role("button", name="标为已处理").click()
    await expect(page.get_by_text("没有符合条件的留言")).to_be_visible()

    # Wherever one is, a new one is told of.
    await page.get_by_role("link", name="我的通话").click()
    await expect(page.get_by_role("heading", name="我的通话")).to_be_visible()
    await callers.leaves(other["id"], "13700000000")
    await callers.leaves(box["id"], "13900000000")
    await expect(page.get_by_text("新的语音留言")).to_have_count(1)
    await page.get_by_role("button", name=re.compile("去 ?听")).click()
    await expect(page.get_by_role("row").filter(has_text="139 0000 0000")).to_contain_text("未听")
    await expect(page.get_by_text("137 0000 0000")).to_have_count(0)
    assert visitor.complaints == []


async def test_who_is_no_agent_has_no_desk_and_no_phone(visitor: Visitor, api: ApiWorld) -> None:
    _, login = await api.user(Role.SUPERVISOR, await api.enterprise())
    await visitor.sign_in(login)
    page = visitor.page
    await expect(page.get_by_role("link", name="通话记录")).to_be_visible()
    await expect(page.get_by_text("座席工作台")).to_have_count(0)
    await expect(page.get_by_role("button", name="接听设备")).to_have_count(0)
    await page.goto(f"{visitor.address}/desk")
    await expect(page.get_by_text("没有这个页面")).to_be_visible()
    assert visitor.complaints == []
