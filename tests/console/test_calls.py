"""People sign in and look at calls."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import httpx
import orjson
from playwright.async_api import expect
from sqlalchemy import text

from hotline.db.database import Database
from hotline.kit.ids import new_id
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.console.conftest import Visitor, person


async def take_call(database: Database, enterprise: UUID, caller: str) -> UUID:
    """A call that was answered, as its record stands in the database."""
    call_id, at = new_id(), datetime.now(UTC)
    async with database.platform() as session:
        await session.execute(
            text(
                "insert into calls (id, enterprise_id, dialled, caller, caller_raw, province, city,"
                " trunk, node, channel_id, started_at, connected_at, ended_at, outcome, ended_by,"
                " waiting_ms, talk_ms) values (:c, :e, '4006001234', :caller, :caller, '江苏',"
                " '连云港', 't', 'n', 'x', :at, :at, :at, 'answered', 'callee', 12000, 63000)"
            ),
            {"c": call_id, "e": enterprise, "caller": caller, "at": at},
        )
        await session.execute(
            text(
                "insert into call_legs (id, call_id, enterprise_id, position, target, result,"
                " sip_code, dialled_at) values (:i, :c, :e, 1, '13900000002', 'answered', 200, :at)"
            ),
            {"i": new_id(), "c": call_id, "e": enterprise, "at": at},
        )
        await session.execute(
            text(
                "insert into call_events (call_id, id, enterprise_id, at, type)"
                " values (:c, :i, :e, :at, 'arrived')"
            ),
            {"i": new_id(), "c": call_id, "e": enterprise, "at": at},
        )
        notice = {"enterprise_id": enterprise, "call_id": call_id, "type": "ended", "at": at}
        await session.execute(
            text("select pg_notify('hotline_live', :n)"), {"n": orjson.dumps(notice).decode()}
        )
    return call_id


async def test_a_wrong_password_says_so(visitor: Visitor, api: ApiWorld) -> None:
    login = await person(api, Role.SUPERVISOR, await api.enterprise())
    await visitor.sign_in(login, "not the password")
    await expect(visitor.page.get_by_role("alert")).to_be_visible()
    await expect(visitor.page.get_by_label("账号")).to_have_value(login)


async def test_a_supervisor_sees_calls_as_they_end(
    visitor: Visitor, api: ApiWorld, database: Database
) -> None:
    enterprise, page = await api.enterprise(), visitor.page
    await take_call(database, await api.enterprise(), "13700000000")
    await visitor.sign_in(await person(api, Role.SUPERVISOR, enterprise), at="calls")
    await expect(page.get_by_text("还没有通话")).to_be_visible()
    await expect(page.get_by_text("实时更新")).to_be_visible()
    await take_call(database, enterprise, "13812345678")
    row = page.get_by_role("row").filter(has_text="138 1234 5678")
    await expect(row).to_contain_text("江苏 连云港")
    await expect(row).to_contain_text("1:03")
    await expect(page.get_by_text("137 0000 0000")).to_have_count(0)
    await row.focus()
    await page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    await expect(drawer).to_contain_text("139 0000 0002")
    await expect(drawer).to_contain_text("来电")
    assert visitor.complaints == []


async def test_filters_stay_in_the_address(
    visitor: Visitor, api: ApiWorld, database: Database
) -> None:
    enterprise, page = await api.enterprise(), visitor.page
    await take_call(database, enterprise, "13812345678")
    await take_call(database, enterprise, "02061234567")
    await visitor.sign_in(await person(api, Role.ADMINISTRATOR, enterprise), at="calls")
    await page.get_by_label("主叫号码").fill("138*")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("020-61234567")).to_have_count(0)
    assert "caller=138*" in page.url
    await page.reload()
    await expect(page.get_by_text("138 1234 5678")).to_be_visible()
    await expect(page.get_by_text("020-61234567")).to_have_count(0)
    # A column that was taken away stays away; what is saved is what is shown.
    await page.get_by_role("button", name="显示的列").click()
    await page.get_by_role("checkbox", name="归属地").uncheck()
    await page.reload()
    await expect(page.get_by_role("columnheader", name="主叫")).to_be_visible()
    await expect(page.get_by_role("columnheader", name="归属地")).to_have_count(0)
    async with page.expect_download() as saving:
        await page.get_by_role("button", name="导出").click()
    saved = (await (await saving.value).path()).read_text(encoding="utf-8-sig")
    assert "13812345678" in saved
    assert "02061234567" not in saved
    # What is refused is said, not only not done.
    refused = {"status": 422, "json": {"title": "记录过多，请缩短时间范围后分次导出"}}
    await page.route("**/calls/export*", lambda route: route.fulfill(**refused))
    await page.get_by_role("button", name="导出").click()
    await expect(page.get_by_text("记录过多")).to_be_visible()


async def test_english_by_a_switch_and_out_again(visitor: Visitor, api: ApiWorld) -> None:
    page = visitor.page
    await visitor.sign_in(await person(api, Role.SUPERVISOR, await api.enterprise()), at="calls")
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", name="Calls")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Calls")).to_be_visible()
    await page.get_by_role("button", name="Supervisor").click()
    await page.get_by_text("Sign out").click()
    await expect(page.get_by_label("Password", exact=True)).to_be_visible()


async def test_pages_are_one_and_assets_are_kept(address: str) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        page = await client.get("/calls")
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-cache"
        assert "script-src" not in page.headers["content-security-policy"]
        asset = page.text.partition('src="/assets/')[2].partition('"')[0]
        kept = await client.get(f"/assets/{asset}")
        assert "immutable" in kept.headers["cache-control"]
        assert kept.headers["content-encoding"] == "gzip"
        assert "javascript" in kept.headers["content-type"]
        plain = await client.get(f"/assets/{asset}", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == kept.content
        assert (await client.get("/assets/gone.js")).status_code == 404
        lost = await client.get("/api/v1/nothing")
        assert lost.status_code == 404
        assert lost.headers["content-type"] == "application/problem+json"
