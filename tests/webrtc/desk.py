"""An agent at a browser: the page with the phone, driven from outside as its person would."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from playwright.async_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)

from tests.webrtc.office import PASSWORD, Person

CHROMIUM: Final = Path("/usr/bin/chromium")
_NOTING: Final = Path(__file__).with_name("noting.js")
_SLOW: Final = 20_000.0
"""Milliseconds that a loaded machine may take to show something."""
_POLL: Final = 0.05
_FLAGS: Final = (
    # A microphone that beeps, and nobody who must allow its use.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    # Everything happens on loopback, which browsers leave out otherwise.
    "--allow-loopback-in-peer-connection",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What the browser received of the caller so far."""

    codec: str
    packets: int
    energy: float
    """The sum of squared levels (0 to 1) over time: 0 is silence."""
    seconds: float
    dtls: str


async def logged_in(browser: Browser, origin: str, login: str) -> BrowserContext:
    """A browser of somebody's own, in which they have logged in."""
    context = await browser.new_context(
        base_url=origin,
        locale="zh-CN",
        viewport=ViewportSize(width=1366, height=768),
    )
    answer = await context.request.post(
        "/api/v1/session", data={"login": login, "password": PASSWORD}
    )
    assert answer.ok, await answer.text()
    return context


class Desk:
    """One agent's browser, logged in, with the console's desk."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self._context = context
        self.page = page
        self.complaints: list[str] = []
        """What the page has complained of."""

    @classmethod
    async def open(cls, browser: Browser, origin: str, person: Person) -> Desk:
        """Log in and open the desk; the phone is ready when this returns."""
        context = await logged_in(browser, origin, person.login)
        await context.add_init_script(path=_NOTING)
        desk = cls(context, await context.new_page())
        await desk.load()
        return desk

    async def load(self) -> None:
        """The desk as when the browser is opened; the phone is ready when this returns."""
        await self.show()
        await expect(self.phone_menu).to_have_attribute("title", "话机已就绪", timeout=_SLOW)

    async def show(self) -> None:
        self.page.set_default_timeout(_SLOW)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text)
                if message.type in {"error", "warning"}
                else None
            ),
        )
        await self.page.goto("/desk")

    async def second_tab(self) -> Desk:
        """The same agent opens the desk once more."""
        tab = Desk(self._context, await self._context.new_page())
        await tab.show()
        return tab

    async def close(self) -> None:
        """As when the person closes the browser: nobody says goodbye."""
        await self._context.close()

    @property
    def phone_menu(self) -> Locator:
        return self.page.get_by_role("button", name="接听设备")

    def state(self, words: str) -> Locator:
        """The menu of one's state, where it says so."""
        return self.page.get_by_role("button", name=f"切换状态: {words}")

    async def begin_work(self) -> None:
        """Be ready."""
        await self.press("Alt+KeyR")
        await expect(self.state("空闲")).to_be_visible(timeout=_SLOW)

    async def press(self, keys: str) -> None:
        await self.page.keyboard.press(keys)

    async def click(self, name: str) -> None:
        await self.button(name).click()

    async def tab_to(self, target: Locator, most: int = 80) -> None:
        """Go on by the Tab key until the focus is there."""
        for _ in range(most):
            await self.press("Tab")
            if await target.evaluate("wanted => wanted === document.activeElement"):
                return
        raise AssertionError(f"the Tab key does not lead to {target}")

    async def enter(self, target: Locator) -> None:
        """Go to it and press it, by keyboard alone."""
        await self.tab_to(target)
        await self.press("Enter")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def hide(self, hidden: bool = True) -> None:
        """Another program comes in front of the page, or goes."""
        await self.page.evaluate("hide", hidden)

    async def cut(self) -> None:
        """The phone's connection breaks."""
        await self.page.evaluate("cut()")

    async def answer(self) -> None:
        """As soon as it rings."""
        button = self.page.get_by_role("button", name="接听", exact=True)
        await expect(button).to_be_visible(timeout=_SLOW)
        await self.press("Alt+KeyA")

    async def hang_up(self) -> None:
        await self.press("Alt+KeyX")

    async def seen(self) -> list[dict[str, Any]]:
        """What has happened to the page, oldest first."""
        found: list[dict[str, Any]] = await self.page.evaluate("seen")
        return found

    async def sees(self, what: str, within: float = 10.0, **details: Any) -> dict[str, Any]:
        """Wait until that has happened. Raises AssertionError with all that has."""
        deadline = time.monotonic() + within
        while True:
            happened = await self.seen()
            for each in happened:
                if each["what"] == what and details.items() <= each.items():
                    return each
            assert time.monotonic() < deadline, f"no {what} {details} in {happened}"
            await asyncio.sleep(_POLL)

    async def heard(self) -> Heard:
        return Heard(**await self.page.evaluate("heard()"))

    async def hears_more(self, seconds: float = 1.0) -> Heard:
        """What it hears from now on for so long."""
        before = await self.heard()
        deadline = time.monotonic() + 10
        while (now := await self.heard()).seconds < before.seconds + seconds:
            assert time.monotonic() < deadline, f"the browser hears nothing: {before} {now}"
            await asyncio.sleep(_POLL)
        return replace(
            now,
            packets=now.packets - before.packets,
            energy=now.energy - before.energy,
            seconds=now.seconds - before.seconds,
        )

    async def hears_voice(self, least: float) -> None:
        """Wait for half a second with at least that energy."""
        await self._hears(lambda heard: heard.energy >= least * heard.seconds)

    async def hears_hush(self, most: float) -> None:
        """Wait for half a second with at most that energy."""
        await self._hears(lambda heard: heard.energy <= most * heard.seconds)

    async def _hears(self, enough: Callable[[Heard], bool]) -> None:
        heard = None
        for _ in range(8):
            heard = await self.hears_more(0.5)
            if enough(heard):
                return
        raise AssertionError(f"the browser hears {heard}")


class Desks:
    """Browsers of several agents in one Chromium without a window, whose microphone beeps."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self._browser = browser
        self._origin = origin

    async def of(self, person: Person) -> Desk:
        """The agent has logged in, has a phone and is ready."""
        desk = await Desk.open(self._browser, self._origin, person)
        await desk.begin_work()
        return desk

    async def page_of(self, login: str) -> Page:
        """The console of somebody who takes no calls."""
        page = await (await logged_in(self._browser, self._origin, login)).new_page()
        page.set_default_timeout(_SLOW)
        return page


@asynccontextmanager
async def open_desks(origin: str) -> AsyncIterator[Desks]:
    """``origin`` is where Hotline's pages are."""
    async with async_playwright() as tools:
        running = await tools.chromium.launch(executable_path=CHROMIUM, args=[*_FLAGS])
        try:
            yield Desks(running, origin)
        finally:
            await running.close()
