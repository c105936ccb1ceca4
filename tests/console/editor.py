"""What people do in the flow editor."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.async_api import Locator, Page, expect

_AT_REST = """() => document.getAnimations().every((one) =>
  one.playState !== "running" || one.effect.getTiming().iterations === Infinity)"""


async def press(what: Locator) -> None:
    """Clicks what has just come up, once it stands: what still grows or glides may be missed."""
    await what.wait_for()
    await what.page.wait_for_function(_AT_REST)
    await what.click()


async def begin(page: Page, name: str) -> None:
    """A new flow, empty, from the page of flows."""
    await page.get_by_role("button", name="新建流程").first.click()
    await page.get_by_label("名称").fill(name)
    await page.get_by_label("从哪里开始").click()
    await press(page.get_by_title("空白流程"))
    await page.get_by_role("button", name="新 建").click()


async def lead(page: Page, step: str, exits: Mapping[str, str]) -> None:
    """Leads the exits of a step elsewhere, by the keyboard."""
    await page.locator(".react-flow__node").filter(has_text=step).first.focus()
    await page.keyboard.press("Enter")
    for exit_name, target in exits.items():
        choice = page.get_by_role("combobox", name=f"“{exit_name}”的去向")
        await choice.focus()
        await page.keyboard.type(target)
        await page.keyboard.press("Enter")


async def save(page: Page) -> None:
    await page.keyboard.press("Control+s")
    await expect(page.get_by_role("status")).to_have_text("草稿已保存")


async def publish(page: Page, note: str) -> None:
    """What is saved becomes the flow's first version."""
    await page.get_by_role("button", name="发 布").click()
    await page.get_by_label("这一版改了什么").fill(note)
    await press(page.get_by_role("dialog").get_by_role("button", name="发 布"))
    await expect(page.get_by_text("第 1 版使用中")).to_be_visible()
