"""An administrator has a greeting spoken, and records one in the browser."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from hotline.db.database import Database
from hotline.jobs.queue import JobQueue
from hotline.jobs.worker import Worker
from hotline.kit.clock import SystemClock
from hotline.prompts.jobs import PromptJobs
from hotline.speech.service import Speech
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.console.conftest import Visitor, person


@pytest.fixture
def worker(database: Database, speech: Speech) -> Worker:
    jobs = PromptJobs(database, speech, JobQueue(), SystemClock())
    return Worker(database.platform_url, jobs.kinds(), clock=SystemClock())


async def test_a_greeting_is_typed_heard_and_spoken(
    visitor: Visitor, api: ApiWorld, worker: Worker
) -> None:
    enterprise, page = await api.enterprise(), visitor.page
    await visitor.sign_in(await person(api, Role.ADMINISTRATOR, enterprise))
    await page.get_by_role("link", name="语音", exact=True).click()
    await page.get_by_role("button", name="新建语音").first.click()
    await page.get_by_label("名称").fill("欢迎语")
    await page.get_by_label("文字", exact=True).fill("您好。")
    async with page.expect_response("**/prompts/preview") as previewed:
        await page.get_by_role("button", name="试听").click()
    preview = await previewed.value
    assert (preview.status, preview.headers["content-type"]) == (200, "audio/wav")
    await expect(page.get_by_role("button", name="停止")).to_be_visible()
    # What was heard is spoken already; this is not.
    await page.get_by_label("文字", exact=True).fill("您好，欢迎致电。")
    await page.get_by_role("button", name="保 存").click()
    row = page.get_by_role("row").filter(has_text="您好，欢迎致电。")
    await expect(row).to_contain_text("合成中")
    await worker.run_waiting()
    await expect(row).to_contain_text("可用")
    async with page.expect_response("**/audio**") as heard:
        await row.get_by_role("button", name="试听 欢迎语").click()
    assert (await heard.value).status in {200, 206}
    assert visitor.complaints == []


async def test_a_greeting_is_recorded_in_the_browser(visitor: Visitor, api: ApiWorld) -> None:
    enterprise, page = await api.enterprise(), visitor.page
    await visitor.sign_in(await person(api, Role.ADMINISTRATOR, enterprise), at="prompts")
    await page.get_by_role("button", name="新建语音").first.click()
    await page.get_by_label("名称").fill("亲口说的")
    await page.get_by_text("现场录制", exact=True).click()
    await page.get_by_role("button", name="开始录音").click()
    await expect(page.get_by_role("timer")).to_contain_text("0:02")
    await page.get_by_role("button", name="录好了").click()
    await expect(page.locator("audio")).to_be_visible()
    await page.get_by_role("button", name="保 存").click()
    row = page.get_by_role("row").filter(has_text="亲口说的")
    await expect(row).to_contain_text("可用")
    client = await api.log_in(Role.ADMINISTRATOR, enterprise)
    [prompt] = (await client.get("/api/v1/prompts")).json()["items"]
    assert (prompt["kind"], prompt["playable"]) == ("upload", True)
    assert prompt["duration_ms"] > 1_000
    assert visitor.complaints == []
