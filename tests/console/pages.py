"""A company with something on every page, and how somebody walks through all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

from playwright.async_api import Page, expect

from hotline.kit.ids import new_id
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.business import Business, moments_ago
from tests.console.conftest import Visitor

AXE = Path(__file__).parents[2] / "console" / "node_modules" / "axe-core" / "axe.min.js"
STANDS = """() => {
  const shown = (what) =>
    [...document.querySelectorAll(what)].filter((one) => one.checkVisibility()).length;
  return shown("nav") > 0 && shown("h1") === 1
    && shown(".ant-skeleton-active, .ant-spin-spinning") === 0;
}"""
CHOSEN = "(path) => document.querySelector(`.ant-menu-item-selected a[href='${path}']`) !== null"
"""Both are looked at with each picture the browser makes; `expect` waits up to a second between."""
CALLERS = ("13812345678", "02061234567", "13912345678", "057188886666", "18600001234")


async def business_with_calls(api: ApiWorld, folder: Path) -> tuple[Business, UUID]:
    """A company and one of its calls, which was answered and recorded."""
    enterprise = await api.enterprise("云南花卉")
    business = Business(api, enterprise)
    await business.found((await api.user(Role.SUPERVISOR, enterprise))[0])
    first: UUID | None = None
    for number, caller in enumerate(CALLERS * 4):
        began = moments_ago(900 + 700 * number)
        if number % 4 == 3:
            lost = {"waiting_ms": 21_000, "outcome": "abandoned", "ended_by": "caller"}
            await business.call(
                began, caller=caller, ended_at=began + timedelta(seconds=21), **lost
            )
            continue
        call = await answered(business, began, caller)
        first = first or call
    assert first is not None
    await business.recording(first, folder, 20.0, agent_id=business.agent_id)
    await business.presence(business.agent_id, "ready")
    for title, important in (("国庆期间发货安排", False), ("系统今晚升级", True)):
        await business.insert(
            "bulletins",
            id=new_id(),
            title=title,
            body="22 点至 23 点，请提前完成备注。",
            important=important,
            author="主管",
        )
    return business, first


async def answered(business: Business, began: datetime, caller: str) -> UUID:
    """A call that waited for the agent and talked."""
    at = [began + timedelta(seconds=seconds) for seconds in (0, 5, 14, 77)]
    times = {"connected_at": at[2], "ended_at": at[3], "waiting_ms": 14_000, "talk_ms": 63_000}
    place = {"province": "云南", "city": "昆明", "caller_carrier": "移动"}
    call = await business.call(
        at[0], caller=caller, outcome="answered", ended_by="caller", **times, **place
    )
    await business.entry(call, at[1], state="answered", left_at=at[2])
    await business.leg(call, 1, at[1], result="answered", sip_code=200)
    await business.decision(call, at[1], others=2)
    for when, kind in zip(at, ("arrived", "queue_entered", "connected", "ended"), strict=True):
        await business.event(call, when, kind)
    return call


async def somebody(api: ApiWorld, role: Role, business: Business) -> str:
    """The login of a person with that role; an agent is one of the business's."""
    user_id, login = await api.user(role, None if role is Role.OPERATOR else business.id)
    if role is Role.AGENT:
        await business.sql(
            "update agents set user_id = :u where id = :a", u=user_id, a=business.agent_id
        )
    return login


async def every_page(
    visitor: Visitor, *, by: Literal["address", "menu"] = "menu"
) -> AsyncIterator[str]:
    """Opens each page of the menu in turn, and says which.

    ``by`` the address nothing is there yet that another page has fetched. By the menu it takes a
    third of the time.
    """
    links = visitor.page.get_by_role("navigation").get_by_role("link")
    await expect(links.first).to_be_visible()
    paths = [str(await link.get_attribute("href")) for link in await links.all()]
    for path in paths:
        if by == "address":
            await visitor.page.goto(f"{visitor.address}{path}")
        else:
            await visitor.page.locator(f"nav a[href='{path}']").click()
            # It is marked together with the page's coming; the one before stands until then.
            await visitor.page.wait_for_function(CHOSEN, arg=path)
        await settled(visitor.page)
        yield path


async def settled(page: Page) -> None:
    """The page stands: it has its name, and nothing spins or glimmers any more."""
    await page.wait_for_function(STANDS)


async def faults_of(page: Page) -> list[str]:
    """What keeps people from using the page: the serious findings of axe."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text())
    found = await page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations"
        ".filter(v => v.impact === 'serious' || v.impact === 'critical')"
        ".map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')}`))"
    )
    return [str(one) for one in found]
