"""The console in Debian's Chromium, on the API in this process and the real database.

One Chromium serves all tests of a process, each in a context of its own: nothing is kept there from
one test to the next. As it lives in one event loop, so do these tests and their fixtures.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Generator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import (
    Browser,
    Page,
    Playwright,
    ViewportSize,
    async_playwright,
    expect,
)
from playwright.async_api import Error as PlaywrightError
from sqlalchemy.engine import URL

from hotline.api.app import create_app
from hotline.api.console import built_console
from hotline.api.parts import ApiParts, ApiSettings
from hotline.db.database import Database
from hotline.kit.clock import SystemClock
from hotline.recordings.storage import open_storage
from hotline.speech.process import SpeechSettings
from hotline.speech.service import Speech
from hotline.speech.sounds import Sounds
from hotline.staff.permissions import Role
from tests.api_world import PASSWORD, QUICK_PASSWORDS, ApiWorld
from tests.business import Business
from tests.conftest import PAGE, PASSWORDS

expect.set_options(timeout=20_000)  # the machine may be busy
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--lang=zh-CN"]
# A microphone that beeps, and nobody to ask whether it may be used.
FLAGS += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    one_loop = pytest.mark.asyncio(loop_scope="session")
    one_at_a_time = pytest.mark.xdist_group("browser")
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(one_at_a_time)
        if item.path.is_relative_to(HERE) and pytest_asyncio.is_async_test(item):
            item.add_marker(one_loop, append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say what stood on the page where a test failed."""
    report = yield
    visitor = getattr(item, "funcargs", {}).get("visitor")
    if report.when == "call" and report.failed and isinstance(visitor, Visitor):
        look = asyncio.wait_for(visitor.page.locator("body").aria_snapshot(), 10)
        with suppress(PlaywrightError, TimeoutError):  # the browser may have died
            report.sections.append((PAGE, asyncio.get_event_loop().run_until_complete(look)))
    return report


@pytest_asyncio.fixture(loop_scope="session")
async def database(database_url: URL) -> AsyncIterator[Database]:
    database = Database(database_url, PASSWORDS)
    yield database
    await database.close()


@pytest_asyncio.fixture(loop_scope="session")
async def api(api_parts: ApiParts) -> AsyncIterator[ApiWorld]:
    world = ApiWorld(create_app(api_parts), api_parts)
    yield world
    await world.close()


@pytest_asyncio.fixture(loop_scope="session")
async def speech(tmp_path: Path) -> AsyncIterator[Speech]:
    """espeak alone: quick."""
    settings = SpeechSettings(tmp_path / "no-voices", neural=False)
    speech = Speech(settings, Sounds(tmp_path / "sounds"), default_voice="espeak_cmn")
    yield speech
    await speech.close()


@pytest.fixture
def api_parts(database: Database, tmp_path: Path, speech: Speech) -> ApiParts:
    built = built_console()
    assert built is not None, "run make setup: the console is not built"
    return ApiParts(
        database=database,
        clock=SystemClock(),
        passwords=QUICK_PASSWORDS,
        settings=ApiSettings(console=built),
        recordings=open_storage(f"file://{tmp_path}/kept"),
        speech=speech,
    )


@pytest_asyncio.fixture(loop_scope="session")
async def address(api: ApiWorld) -> AsyncIterator[str]:
    """Where the console is served."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(api.app, log_config=None, lifespan="off"))
        serving = asyncio.create_task(server.serve([listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving


@dataclass
class Chromium:
    """Started when it is first asked for, and again where it has died."""

    playwright: Playwright
    _browser: Browser | None = None

    async def running(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            launch = self.playwright.chromium.launch
            self._browser = await launch(executable_path=CHROMIUM, args=FLAGS)
        return self._browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Chromium]:
    async with async_playwright() as playwright:
        chromium = Chromium(playwright)
        yield chromium
        await (await chromium.running()).close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium: Chromium) -> AsyncIterator[Browser]:
    """Each of its pages is in a context of its own; all of them end with the test."""
    browser = await chromium.running()
    yield browser
    for context in browser.contexts:
        await context.close()


@dataclass
class Visitor:
    """Somebody at a browser. What the page complained of is in ``complaints``."""

    page: Page
    address: str
    complaints: list[str]

    def other_complaints(self) -> list[str]:
        """Without those that the browser itself makes of what the server refused."""
        return [one for one in self.complaints if "Failed to load resource" not in one]

    async def sign_in(self, login: str, password: str = PASSWORD, *, at: str = "") -> None:
        """``at`` is the page to begin with."""
        await self.page.goto(f"{self.address}/{at}")
        await self.page.get_by_label("账号").fill(login)
        await self.page.get_by_label("密码", exact=True).fill(password)
        await self.page.keyboard.press("Enter")

    async def sign_in_to(self, path: str, login: str) -> None:
        """Sign in and open a page."""
        await self.sign_in(login)
        await expect(self.page.get_by_role("navigation")).to_be_visible()
        await self.page.goto(f"{self.address}{path}")


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser, address: str) -> Visitor:
    page = await browser.new_page(viewport=ViewportSize(width=1366, height=768), locale="zh-CN")
    page.set_default_timeout(20_000)
    visitor = Visitor(page, address, [])
    page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            visitor.complaints.append(message.text)
            if message.type in {"error", "warning"} and "401" not in message.text
            else None
        ),
    )
    return visitor


async def person(api: ApiWorld, role: Role, enterprise: UUID | None) -> str:
    """The login of a new person."""
    return (await api.user(role, enterprise))[1]


@pytest_asyncio.fixture(loop_scope="session")
async def supervisor(api: ApiWorld) -> tuple[Business, str]:
    """A call centre and the login of its supervisor, who is an agent too."""
    user_id, login = await api.user(Role.SUPERVISOR, enterprise := await api.enterprise())
    business = Business(api, enterprise)
    await business.found(user_id)
    return business, login
