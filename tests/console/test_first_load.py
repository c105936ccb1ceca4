"""What a browser fetches before somebody can work, and what is shown when it cannot."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from playwright.async_api import Response, expect

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.business import Business
from tests.console.conftest import Visitor
from tests.console.pages import settled, somebody

FIRST_LOAD = 500 * 1024
"""Bytes over the wire, compressed, until the page stands that one begins with after signing in."""


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AGENT])
async def test_the_first_page_is_there_soon(
    visitor: Visitor, supervisor: tuple[Business, str], api: ApiWorld, role: Role
) -> None:
    fetched: list[Response] = []
    page = visitor.page
    # Playwright leaves a note on whom it calls, which a built-in method does not bear.
    page.on("response", lambda answer: fetched.append(answer))  # noqa: PLW0108
    await page.goto(visitor.address)
    await visitor.sign_in(await somebody(api, role, supervisor[0]))
    await settled(page)
    assert 0 < await weight(fetched) < FIRST_LOAD


async def weight(fetched: Sequence[Response]) -> int:
    """What the pages' own files weighed on their way, each once: browsers keep them."""
    assets: dict[str, Response] = {}
    for one in fetched:
        if "/assets/" in one.url and one.ok:
            assets.setdefault(one.url, one)
    assert all(one.headers.get("content-encoding") == "gzip" for one in assets.values() if big(one))
    return sum([(await one.request.sizes())["responseBodySize"] for one in assets.values()])


def big(answer: Response) -> bool:
    return int(answer.headers["content-length"]) > 2000


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
    await expect(page.get_by_role("button", name=re.compile("刷 ?新"))).to_be_visible()
