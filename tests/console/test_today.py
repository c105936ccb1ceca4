"""What each role begins the day with."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.async_api import expect

from hotline.kit.ids import new_id
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.business import Business
from tests.console.conftest import Visitor, person
from tests.slices.helpers import API, body_of


async def busy_day(api: ApiWorld) -> Business:
    """One call answered, one caller missed twice, a message that nobody has heard."""
    enterprise = await api.enterprise("云南花卉")
    business = Business(api, enterprise)
    await business.found((await api.user(Role.SUPERVISOR, enterprise))[0])
    now = datetime.now(UTC)
    talked = {"connected_at": now, "waiting_ms": 8000, "talk_ms": 63_000}
    await business.call(now, caller="13912345678", ended_at=now, outcome="answered", **talked)
    for _ in range(2):
        await business.call(now, caller="13812345678", ended_at=now, outcome="abandoned")
    await business.insert(
        "prompts", id=new_id(), name="问候", kind="text", text="您好", status="failed"
    )
    return business


async def test_an_administrator_sees_the_day_and_what_waits(
    visitor: Visitor, api: ApiWorld
) -> None:
    business, page = await busy_day(api), visitor.page
    await visitor.sign_in(await person(api, Role.ADMINISTRATOR, business.id))
    await expect(page.get_by_role("heading", name="今天")).to_be_visible()
    await expect(page.get_by_text("33.3")).to_be_visible()
    await expect(page.locator("li[aria-label*='来电 3，接听 1']")).to_have_count(1)
    missed = page.get_by_role("row").filter(has_text="138 1234 5678")
    await expect(missed).to_contain_text("2")
    await expect(page.get_by_text("139 1234 5678")).to_have_count(0)
    tasks = page.get_by_role("list", name="待办")
    await expect(tasks).to_contain_text("1 位来电者未接通，也未回电")
    await tasks.get_by_role("link", name="1 条语音合成失败").click()
    await expect(page).to_have_url(f"{visitor.address}/prompts")
    assert visitor.complaints == []


async def test_an_agent_sees_only_the_own_day(visitor: Visitor, api: ApiWorld) -> None:
    business, page = await busy_day(api), visitor.page
    now = datetime.now(UTC)
    took = await business.call(now, caller="13712345678", ended_at=now, outcome="answered")
    await business.leg(took, 1, now, result="answered", ended_at=now, talk_ms=1000)
    await business.insert("bulletins", id=new_id(), title="停电通知", author="主管")
    user_id, login = await api.user(Role.AGENT, business.id)
    await business.sql(
        "update agents set user_id = :u where id = :a", u=user_id, a=business.agent_id
    )
    await visitor.sign_in(login)
    await expect(page.get_by_text("1001 王芳")).to_be_visible()
    await expect(page.locator("#content").get_by_text("离线")).to_be_visible()
    await expect(page.get_by_text("振铃来电")).to_be_visible()
    await expect(page.locator("li[aria-label*='来电 1，接听 1']")).to_have_count(1)
    rate = page.locator(".ant-statistic").filter(has_text="接通率")
    await expect(rate).to_contain_text("100")
    await expect(page.get_by_role("list", name="待办")).to_contain_text("1 条公告没有读")
    await expect(page.get_by_text("主叫放弃")).to_have_count(0)
    await expect(page.get_by_text("138 1234 5678")).to_have_count(0)
    assert visitor.complaints == []


async def test_the_operator_sees_the_platform_and_enters_an_enterprise(
    visitor: Visitor, api: ApiWorld
) -> None:
    business, page = await busy_day(api), visitor.page
    await business.insert("destinations", id=new_id(), number="02061234567")
    await visitor.sign_in(await person(api, Role.OPERATOR, None))
    await expect(page.get_by_text("今日来电最多的企业")).to_be_visible()
    await expect(page.get_by_role("list", name="待办")).to_contain_text("个接听号码待审核")
    ours = page.get_by_role("row").filter(has_text="云南花卉").first
    await ours.get_by_role("button", name="进入企业").click()
    await expect(page.get_by_role("row").filter(has_text="138 1234 5678")).to_be_visible()
    operator = await api.operator()
    params = {"enterprise_id": str(business.id)}
    assert body_of(await operator.get(f"{API}/today", params=params))["total"]["calls"] == 3
    assert visitor.complaints == []
