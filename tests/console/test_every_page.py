"""Every page, as each role: it stands, in both languages, and nobody is kept from using it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Page, expect

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.console.conftest import Visitor
from tests.console.pages import business_with_calls, every_page, faults_of, settled, somebody

LEAST = {Role.OPERATOR: 8, Role.ADMINISTRATOR: 25, Role.SUPERVISOR: 15, Role.AGENT: 3}
"""So many pages at least are in the menu of each."""
CHINESE = re.compile("[\u4e00-\u9fff]+")
NAMED = {"中文", "云南花卉", "某", "云南", "昆明", "移动", "售后", "总机", "王芳", "主管"}
NAMED |= {"小休", "用餐", "会议", "培训", "国庆期间发货安排", "系统今晚升级"}
"""What stands in the database, reasons for a break among it; and the button that leads back."""


@pytest.mark.parametrize(
    ("role", "look"),
    [
        (Role.OPERATOR, "light"),
        (Role.ADMINISTRATOR, "light"),
        (Role.SUPERVISOR, "dark"),
        (Role.AGENT, "light"),
        (Role.AGENT, "dark"),
    ],
)
@pytest.mark.timeout(180)
async def test_each_page_can_be_used_by_everybody(
    visitor: Visitor,
    api: ApiWorld,
    tmp_path: Path,
    role: Role,
    look: Literal["light", "dark"],
) -> None:
    """What a supervisor sees an administrator sees too, in the other look.

    Light pages are opened by their addresses, dark ones by the menu.
    """
    await visitor.page.emulate_media(color_scheme=look)
    business, call = await business_with_calls(api, tmp_path)
    await visitor.sign_in(await somebody(api, role, business))
    faults: list[str] = []
    seen = 0
    async for path in every_page(visitor, by="address" if look == "light" else "menu"):
        seen += 1
        faults += [f"{path}: {fault}" for fault in await faults_of(visitor.page)]
    if role is not Role.OPERATOR and role is not Role.AGENT:
        await visitor.page.goto(f"{visitor.address}/calls/{call}")
        await settled(visitor.page)
        faults += [f"/calls/:id: {fault}" for fault in await faults_of(visitor.page)]
    assert seen >= LEAST[role]
    assert faults == []
    assert visitor.complaints == []


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.OPERATOR])
@pytest.mark.timeout(240)
async def test_no_page_is_left_in_chinese(
    visitor: Visitor, api: ApiWorld, tmp_path: Path, role: Role
) -> None:
    """Nor the form with which something is added there; what people have named keeps its name."""
    business, _ = await business_with_calls(api, tmp_path)
    await visitor.sign_in(await somebody(api, role, business))
    await visitor.page.get_by_role("button", name="English").click()
    await expect(visitor.page.get_by_role("button", name="中文")).to_be_visible()
    chinese: dict[str, set[str]] = {}
    async for path in every_page(visitor):
        words = await visitor.page.locator("body").inner_text()
        words += await words_of_the_form(visitor.page)
        left = {word for word in CHINESE.findall(words) if word not in NAMED}
        if left:
            chinese[path] = left
    assert chinese == {}


async def words_of_the_form(page: Page) -> str:
    """With which something is added, beside the page or on one of its own; "" where nothing is."""
    add = page.locator("#content .ant-btn-primary")
    if not await add.count():
        return ""
    await add.first.click()
    form = page.locator("[role=dialog]:visible, #content form")
    await expect(form).to_be_visible()
    await settled(page)
    words = await form.inner_text()
    if await page.get_by_role("dialog").count():
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
    return words
