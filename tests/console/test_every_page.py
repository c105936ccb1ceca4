"""Every page, as each role: it stands, in both languages, and nobody is kept from using it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import expect

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.console.conftest import Visitor
from tests.console.pages import business_with_calls, every_page, faults_of, settled, somebody

LEAST = {Role.OPERATOR: 8, Role.ADMINISTRATOR: 25, Role.SUPERVISOR: 15, Role.AGENT: 3}
"""So many pages at least are in the menu of each."""


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
    """What a supervisor sees an administrator sees too, in the other look."""
    await visitor.page.emulate_media(color_scheme=look)
    business, call = await business_with_calls(api, tmp_path)
    await visitor.sign_in(await somebody(api, role, business))
    faults: list[str] = []
    seen = 0
    async for path in every_page(visitor):
        seen += 1
        faults += [f"{path}: {fault}" for fault in await faults_of(visitor.page)]
    if role is not Role.OPERATOR and role is not Role.AGENT:
        await visitor.page.goto(f"{visitor.address}/calls/{call}")
        await settled(visitor.page)
        faults += [f"/calls/:id: {fault}" for fault in await faults_of(visitor.page)]
    assert seen >= LEAST[role]
    assert faults == []
    assert visitor.complaints == []


@pytest.mark.timeout(180)
async def test_no_page_is_left_in_chinese(visitor: Visitor, api: ApiWorld, tmp_path: Path) -> None:
    business, _ = await business_with_calls(api, tmp_path)
    await visitor.sign_in(await somebody(api, Role.ADMINISTRATOR, business))
    await visitor.page.get_by_role("button", name="English").click()
    await expect(visitor.page.get_by_role("button", name="中文")).to_be_visible()
    chinese: dict[str, str] = {}
    async for path in every_page(visitor):
        name = await visitor.page.get_by_role("heading", level=1).first.inner_text()
        if any("\u4e00" <= letter <= "\u9fff" for letter in name):
            chinese[path] = name
    assert chinese == {}
