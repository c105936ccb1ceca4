"""What a browser fetches before somebody can work, and what is shown when it cannot."""

from __future__ import annotations

import pytest
from playwright.async_api import Response, expect

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.business import Business
from tests.console.conftest import Visitor
from tests.console.pages import settled, somebody

MOST = 500_000
"""Bytes over the wire, compressed, until the first page stands."""


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AGENT])
async def test_the_first_page_is_there_soon(
    visitor: Visitor, supervisor: tuple[Business, str], api: ApiWorld, role: Role
) -> None:
    fetched: list[Response] = []
    visitor.page.on("response", fetched.append)
    await visitor.sign_in(await somebody(api, role, supervisor[0]))
    await settled(visitor.page)
    sizes = {each.url: (await each.request.sizes())["responseBodySize"] for each in fetched}
    assert len(sizes) > 3
    assert sum(sizes.values()) < MOST, sizes


async def test_a_page_that_cannot_be_fetched_says_so(
    visitor: Visitor, supervisor: tuple[Business, str]
) -> None:
    _, login = supervisor
    page = visitor.page
    await visitor.sign_in(login)
    await settled(page)
    await page.route("**/assets/WallboardPage-*.js", lambda route: route.abort())
    await page.get_by_role("link", name="大屏监控").click()
    await expect(page.get_by_text("页面出错了")).to_be_visible()
    # The rest goes on.
    await page.get_by_role("link", name="通话记录").click()
    await expect(page.get_by_role("heading", name="通话记录")).to_be_visible()


async def test_what_breaks_around_the_pages_is_told(
    visitor: Visitor, supervisor: tuple[Business, str]
) -> None:
    page = visitor.page
    # A server that answers something else than it promised.
    await page.route("**/api/v1/session", lambda route: route.fulfill(json={"id": "x"}))
    await page.goto(visitor.address)
    await expect(page.get_by_text("页面出错了")).to_be_visible()
    await expect(page.get_by_role("button", name="刷新")).to_be_visible()
