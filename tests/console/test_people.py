"""An enterprise's administrators look after its people and programs."""

from __future__ import annotations

import re

from playwright.async_api import WebSocket, expect

from hotline.staff.permissions import Role
from tests.api_world import PASSWORD, ApiWorld
from tests.console.conftest import Visitor, person

SAVE = re.compile("保 ?存")


async def test_a_person_is_added_and_signs_in(visitor: Visitor, api: ApiWorld) -> None:
    enterprise = await api.enterprise()
    admin = await person(api, Role.ADMINISTRATOR, enterprise)
    page, login = visitor.page, f"li.{admin[-12:]}"
    await visitor.sign_in(admin, at="users")
    await page.get_by_role("button", name="添加成员").first.click()
    drawer = page.get_by_role("dialog", name="添加成员")
    await drawer.get_by_label("姓名").fill("李雷")
    await drawer.get_by_label("登录名").fill(login)
    await drawer.get_by_label("主管").check()
    await drawer.get_by_label("初始密码").fill("short")
    await drawer.get_by_role("button", name=SAVE).click()
    await expect(drawer.locator(".ant-form-item-explain-error")).to_contain_text("10")
    await drawer.get_by_role("button", name="随机生成").click()
    password = await drawer.get_by_label("初始密码").input_value()
    await drawer.get_by_role("button", name=SAVE).click()
    await expect(page.get_by_role("row").filter(has_text="李雷")).to_contain_text("主管")
    await page.get_by_role("button", name=re.compile("某administrator")).click()
    await page.get_by_text("退出登录").click()
    await visitor.sign_in(login, password, at="users")
    await expect(page.get_by_role("heading", name="成员")).to_be_visible()
    # A supervisor sees who is there, and changes nobody.
    await expect(page.get_by_role("row").filter(has_text="李雷")).to_contain_text("本人")
    await expect(page.get_by_role("button", name="添加成员")).to_be_hidden()
    assert visitor.other_complaints() == []


async def test_people_change_their_own_password(visitor: Visitor, api: ApiWorld) -> None:
    login, page = await person(api, Role.ADMINISTRATOR, await api.enterprise()), visitor.page
    await visitor.sign_in(login)
    await page.get_by_role("button", name=re.compile("某administrator")).click()
    await page.get_by_role("menuitem", name="修改密码").click()
    drawer = page.get_by_role("dialog", name="修改密码")
    await drawer.get_by_label("当前密码").fill("not this one")
    await drawer.get_by_label("新密码", exact=True).fill("a quiet river 42")
    await drawer.get_by_label("再输一次新密码").fill("a quiet river")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="继续填写").click()
    await drawer.get_by_label("再输一次新密码").press("Enter")
    await expect(drawer.get_by_text("两次输入的新密码不一致")).to_be_visible()
    await drawer.get_by_label("再输一次新密码").fill("a quiet river 42")
    await page.keyboard.press("Enter")
    wrong = drawer.locator(".ant-form-item").filter(has_text="当前密码")
    await expect(wrong).to_contain_text("不正确")
    await drawer.get_by_label("当前密码").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(drawer).to_be_hidden()
    await expect(page.get_by_text("密码已修改")).to_be_visible()
    await api.log_in_as(login, "a quiet river 42")
    assert visitor.other_complaints() == []


async def test_an_agent_sees_no_people(visitor: Visitor, api: ApiWorld) -> None:
    """Nor, without an extension, any calls: there is nothing to listen for."""
    login = await person(api, Role.AGENT, await api.enterprise())
    listening: list[WebSocket] = []
    visitor.page.on("websocket", lambda socket: listening.append(socket))  # noqa: PLW0108
    await visitor.sign_in(login, at="users")
    await expect(visitor.page.get_by_text("没有这个页面")).to_be_visible()
    await expect(visitor.page.get_by_role("link", name="成员", exact=True)).to_be_hidden()
    assert visitor.complaints == []
    assert listening == []


async def test_a_key_is_shown_once_and_revoked(visitor: Visitor, api: ApiWorld) -> None:
    login = await person(api, Role.ADMINISTRATOR, await api.enterprise())
    page = visitor.page
    await visitor.sign_in(login, at="api-keys")
    await page.get_by_role("button", name="新建密钥").first.click()
    drawer = page.get_by_role("dialog", name="新建密钥")
    await drawer.get_by_label("用途").fill("CRM 同步")
    await drawer.get_by_role("button", name=SAVE).click()
    await expect(drawer.get_by_text("至少选一项权限")).to_be_visible()
    # What only the operator may do is not offered.
    await expect(drawer.get_by_text("所有企业")).to_be_hidden()
    await drawer.get_by_role("group", name="通话记录").get_by_label("查看").check()
    await drawer.get_by_role("button", name=SAVE).click()
    key = await page.get_by_test_id("secret").inner_text()
    program = await api.client(Authorization=f"Bearer {key.strip()}")
    assert (await program.get("/api/v1/calls")).status_code == 200
    assert (await program.get("/api/v1/users")).status_code == 403
    await page.get_by_role("button", name="我已保存").click()
    await expect(page.get_by_test_id("secret")).to_be_hidden()
    row = page.get_by_role("row").filter(has_text="CRM 同步")
    await expect(row).to_contain_text("1 项")
    await row.get_by_role("button", name=re.compile("吊 ?销")).click()
    await page.get_by_role("tooltip").get_by_role("button", name=re.compile("吊 ?销")).click()
    await expect(row).to_contain_text("已吊销")
    assert (await program.get("/api/v1/calls")).status_code == 401
    assert visitor.complaints == []


async def test_a_webhook_has_a_secret_and_a_log(visitor: Visitor, api: ApiWorld) -> None:
    login = await person(api, Role.ADMINISTRATOR, await api.enterprise())
    page = visitor.page
    await visitor.sign_in(login, at="webhooks")
    await page.get_by_role("button", name="新建 Webhook").first.click()
    drawer = page.get_by_role("dialog", name="新建 Webhook")
    await drawer.get_by_label("接收地址").fill("https://crm.example.com/hotline")
    await drawer.get_by_role("button", name=SAVE).click()
    await expect(page.get_by_test_id("secret")).not_to_be_empty()
    await page.get_by_role("button", name="我已保存").click()
    row = page.get_by_role("row").filter(has_text="crm.example.com")
    await row.get_by_role("link", name="推送记录").click()
    await page.get_by_role("button", name="测试推送").click()
    told = page.get_by_role("row").filter(has_text="测试推送")
    await expect(told).to_contain_text("等待推送")
    await page.get_by_role("button", name="English").click()
    await expect(
        page.get_by_role("heading", name="Deliveries: https://crm.example.com/hotline")
    ).to_be_visible()
    assert visitor.complaints == []
