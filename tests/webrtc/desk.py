"""An agent at a browser: the page with the phone, driven from outside as its person would."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.webrtc.office import PASSWORD, Person

CHROMIUM: Final = Path("/usr/bin/chromium")
_PHONE: Final = Path(__file__).with_name("phone.js")
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


class Desk:
    """One agent's browser, logged in."""

    def __init__(self, context: BrowserContext, page: Page, token: str) -> None:
        self._context = context
        self.page = page
        self._token = token

    @classmethod
    async def open(cls, browser: Browser, origin: str, jssip: str, person: Person) -> Desk:
        """Log in and open the page with the phone."""
        context = await browser.new_context(base_url=origin, bypass_csp=True)
        answer = await context.request.post(
            "/api/v1/session", data={"login": person.login, "password": PASSWORD}
        )
        assert answer.ok, await answer.text()
        page = await context.new_page()
        # Any page of the server does; one that is made up here may not talk to loopback.
        await page.goto("/api/v1/health")
        await page.add_script_tag(content=jssip)
        await page.add_script_tag(path=_PHONE)
        return cls(context, page, (await answer.json())["csrf_token"])

    async def close(self) -> None:
        """As when the person closes the browser: nobody says goodbye."""
        await self._context.close()

    async def ask(self, method: str, path: str, **body: Any) -> Any:
        """A request to the API with the person's session."""
        answer = await self._context.request.fetch(
            f"/api/v1{path}",
            method=method,
            data=body or None,
            headers={"X-CSRF-Token": self._token},
        )
        assert answer.ok, f"{method} {path}: {answer.status} {await answer.text()}"
        return await answer.json()

    async def begin_work(self) -> None:
        """Watch what happens, register the phone, be ready."""
        await self.page.evaluate("watch()")
        await self.page.evaluate("login => register(login)", await self.ask("POST", "/agent/phone"))
        await self.ask("POST", "/agent/state", state="ready")

    async def answer(self) -> None:
        await self.page.evaluate("answer()")

    async def hang_up(self) -> None:
        await self.page.evaluate("session.terminate()")

    async def command(self, call_id: str, verb: str) -> None:
        """As a button of the page would."""
        await self.ask("POST", f"/calls/{call_id}/commands", verb=verb)

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

    def __init__(self, browser: Browser, origin: str, jssip: str) -> None:
        self._browser = browser
        self._origin = origin
        self._jssip = jssip

    async def of(self, person: Person) -> Desk:
        """The agent has logged in, watches, has a phone and is ready."""
        desk = await Desk.open(self._browser, self._origin, self._jssip, person)
        await desk.begin_work()
        return desk


@asynccontextmanager
async def open_desks(origin: str, jssip: str) -> AsyncIterator[Desks]:
    """``origin`` is where Hotline's pages are, ``jssip`` the library's script."""
    async with async_playwright() as tools:
        running = await tools.chromium.launch(executable_path=CHROMIUM, args=[*_FLAGS])
        try:
            yield Desks(running, origin, jssip)
        finally:
            await running.close()
