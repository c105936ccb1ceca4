"""An administrator sets up a queue."""

from __future__ import annotations

import re

from playwright.async_api import expect

from hotline.kit.ids import new_id
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.business import Business, moments_ago
from tests.console.conftest import Visitor

SAVE = re.compile("^保 ?存$")


async def test_a_queue_is_made_with_members_and_settings(visitor: Visitor, api: ApiWorld) -> None:
    user_id, login = await api.user(Role.ADMINISTRATOR, enterprise := await api.enterprise())
    business, page = Business(api, enterprise), visitor.page
    await business.found(user_id)
    await visitor.sign_in(login, at="queues")
    await page.get_by_role("button", name="新建座席组").first.click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("名称", exact=True).fill("售前")
    await drawer.get_by_label("分机号").fill("1001")
    await drawer.get_by_role("button", name=SAVE).click()
    extension = drawer.locator(".ant-form-item").filter(has_text="分机号")
    await expect(extension).to_contain_text("该分机号已被座席使用")
    await drawer.get_by_label("分机号").fill("801")
    await drawer.get_by_role("combobox", name="成员").click()
    await page.get_by_title("王芳").or_(page.locator("[title^=王芳]")).first.click()
    await drawer.get_by_role("button", name=SAVE).click()
    await expect(page.get_by_role("heading", name="售前")).to_be_visible()
    await expect(page.get_by_role("listitem").filter(has_text="王芳 1001")).to_be_visible()
    await page.get_by_role("tab", name="等待").click()
    every = page.get_by_label("多久播报一次")
    await every.fill("5")
    await page.get_by_role("button", name=SAVE).click()
    await expect(page.get_by_text("0 或不小于 10")).to_be_visible()
    await every.fill("45")
    await page.get_by_role("tab", name="离开排队").click()
    await page.get_by_role("combobox", name="等待超时").click()
    await page.get_by_title("挂机").click()
    await page.get_by_role("button", name=SAVE).click()
    await expect(page.get_by_text("有未保存的修改")).to_have_count(0)
    [kept] = await business.sql("select announce_every, overflow from queues where name = '售前'")
    assert kept["announce_every"] == 45
    assert kept["overflow"]["timeout"]["kind"] == "hangup"
    # The two refusals, and the prompts: nothing speaks them here.
    assert [one for one in visitor.complaints if not re.search("409|422|503", one)] == []


async def test_a_message_is_dealt_with(visitor: Visitor, supervisor: tuple[Business, str]) -> None:
    business, login = supervisor
    page = visitor.page
    box_id = await business.insert("voicemail_boxes", id=new_id(), name="客服留言")
    await business.sql(
        "insert into voicemail_messages (id, enterprise_id, box_id, call_id, left_at, seconds)"
        " values (:i, :e, :b, :c, now(), 12)",
        i=new_id(),
        e=business.id,
        b=box_id,
        c=await business.call(moments_ago(60)),
    )
    await visitor.sign_in(login, at="voicemail")
    row = page.get_by_role("row").filter(has_text="138 0000 0000")
    await expect(row).to_contain_text("未听")
    await row.click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("备注").fill("已回电")
    await drawer.get_by_role("button", name="标为已处理").click()
    await expect(row).to_contain_text("已处理")
    await expect(row).to_contain_text("已回电")
    assert visitor.complaints == []
