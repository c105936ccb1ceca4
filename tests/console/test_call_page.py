"""A call at its own address: what happened, why this agent, what was said."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from playwright.async_api import expect

from tests.business import Business, moments_ago
from tests.console.conftest import Visitor


async def served_call(business: Business, folder: Path) -> UUID:
    """Waited 12 seconds in a queue, talked 8 seconds with the agent, is noted and recorded."""
    began = moments_ago(60)
    offered, talked = began + timedelta(seconds=14), began + timedelta(seconds=18)
    over = talked + timedelta(seconds=8)
    call_id = await business.call(
        began,
        province="江苏",
        city="连云港",
        answered_at=began,
        connected_at=talked,
        ended_at=over,
        outcome="answered",
        ended_by="caller",
        waiting_ms=18_000,
        talk_ms=8_000,
    )
    await business.leg(
        call_id,
        1,
        offered,
        queue_id=business.queue_id,
        connected_at=talked,
        ended_at=over,
        result="answered",
        talk_ms=8_000,
    )
    for at, kind, facts in (
        (began, "arrived", '{"caller": "13800000000", "dialled": "4006001234"}'),
        (began + timedelta(seconds=2), "queue_entered", f'{{"queue_id": "{business.queue_id}"}}'),
        (
            offered,
            "agent_offered",
            f'{{"queue_id": "{business.queue_id}", "agent_id": "{business.agent_id}"}}',
        ),
        (talked, "connected", '{"leg": 1}'),
        (over, "ended", '{"by": "caller"}'),
    ):
        await business.event(call_id, at, kind, facts)
    await business.decision(call_id, offered, others=2)
    await business.insert(
        "call_notes", call_id=call_id, agent_id=business.agent_id, note="客户要求周五上门"
    )
    await business.recording(call_id, folder, 8, position=1, agent_id=business.agent_id)
    return call_id


async def test_a_call_is_told_and_heard(
    visitor: Visitor, supervisor: tuple[Business, str], tmp_path: Path
) -> None:
    business, login = supervisor
    page, call_id = visitor.page, await served_call(business, tmp_path)
    await visitor.sign_in(login, at=f"calls/{call_id}")
    timeline = page.locator(".ant-timeline")
    await expect(timeline).to_contain_text("138 0000 0000 → 400-600-1234")
    await expect(timeline).to_contain_text("王芳 1001")
    await expect(timeline).to_contain_text("空闲时间最长（共 3 位座席可接听）")
    await timeline.get_by_text("为什么分配给这位座席").click()
    await expect(timeline).to_contain_text("重新计算，结果一致")
    await expect(page.get_by_text("客户要求周五上门")).to_be_visible()
    await page.get_by_role("button", name="播放", exact=True).click()
    position = page.get_by_role("slider", name="播放位置")
    await expect(position.get_by_text("座席")).to_be_visible()
    await expect(position).to_have_attribute("aria-valuemax", "8")
    assert await page.eval_on_selector("audio", "player => player.duration") > 7
    drawn = await position.locator("canvas").evaluate(
        "drawn => drawn.getContext('2d').getImageData(0, 0, drawn.width, drawn.height)"
        ".data.some(value => value > 0)"
    )
    assert drawn
    await position.press("Home")
    await position.press("ArrowRight")
    await expect(position).to_have_attribute("aria-valuenow", "5")
    assert visitor.complaints == []


async def test_a_talk_is_judged_beside_its_recording(
    visitor: Visitor, supervisor: tuple[Business, str], tmp_path: Path
) -> None:
    business, login = supervisor
    page, call_id = visitor.page, await served_call(business, tmp_path)
    await visitor.sign_in(login, at="score-sheets")
    await page.get_by_role("button", name="新建评分表").first.click()
    form = page.get_by_role("dialog")
    await form.get_by_label("名称", exact=True).fill("服务质检")
    await form.get_by_role("button", name=re.compile("保 ?存")).click()
    await expect(page.get_by_role("row").filter(has_text="服务质检")).to_be_visible()
    await page.goto(f"{visitor.address}/calls/{call_id}")
    await page.get_by_role("button", name="质检评分").click()
    await form.get_by_role("button", name=re.compile("保 ?存")).click()
    await expect(form.get_by_text("请打分").first).to_be_visible()
    for criterion in ("开头语规范", "倾听与态度", "问题解决", "结束语规范"):
        await form.get_by_role("radiogroup", name=criterion).get_by_text("5", exact=True).click()
    await form.get_by_role("button", name=re.compile("保 ?存")).click()
    await expect(page.get_by_text("100 分")).to_be_visible()
    assert visitor.complaints == []
