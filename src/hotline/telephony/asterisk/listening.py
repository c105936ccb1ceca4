"""Listening in: a snoop on the watched channel, in a bridge with the listener's leg."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from hotline.kit.ids import unguessable_name
from hotline.telephony.asterisk.client import AriError, Event, path
from hotline.telephony.asterisk.line import AriLine
from hotline.telephony.asterisk.party import Session, mark
from hotline.telephony.port import LegGone, ListenMode, SwitchDown

SPY_PREFIX = "hl-spy-"
LISTEN_PREFIX = "hl-listen-"
_WHISPER = {ListenMode.LISTEN: "none", ListenMode.WHISPER: "out", ListenMode.BARGE: "both"}


class AriListening:
    """Implements ``port.Listening``."""

    def __init__(self, session: Session, watched: str, listener: AriLine, mode: ListenMode) -> None:
        self.mode = mode
        self._session = session
        self._client = session.client
        self._watched = watched
        self._listener = listener
        self._bridge = f"{LISTEN_PREFIX}{unguessable_name()}"
        self._spy: str | None = None
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._changing = asyncio.Lock()

    async def start(self) -> AriListening:
        """Begin. Raises LegGone, SwitchDown."""
        await self._listener.ready()
        try:
            await self._client.request(
                "POST", "bridges", {"type": "mixing", "bridgeId": self._bridge}
            )
            await self._add(self._listener.id)
            await self._spy_in(self.mode)
        except AriError as error:
            self._finish()
            await self._listener.ready()
            raise SwitchDown(str(error)) from error
        except BaseException:
            self._finish()
            raise
        self._listener.when_over(self._finish)
        return self

    async def change(self, mode: ListenMode) -> None:
        async with self._changing:
            if self._over.done() or mode is self.mode:
                return
            before = self._spy
            try:
                await self._spy_in(mode)
            except AriError as error:
                raise SwitchDown(str(error)) from error
            except LegGone:
                self._finish()
                return
            self.mode = mode
            if before is not None:
                self._send("DELETE", path("channels", before))

    async def stop(self) -> None:
        self._finish()

    async def ended(self) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._over.add_done_callback(lambda _: mark(mine))
        with self._listener.woken_by_switch(mine):
            await mine

    async def _spy_in(self, mode: ListenMode) -> None:
        """Put a spy with that mode beside the listener."""
        spy = f"{SPY_PREFIX}{unguessable_name()}"
        in_stasis: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def on_spy(event: Event) -> None:
            if event["type"] == "StasisStart":
                mark(in_stasis)
            elif event["type"] in {"ChannelDestroyed", "ChannelHangupRequest"}:
                mark(in_stasis)
                subscription.close()
                if self._spy == spy:
                    self._finish()

        subscription = self._client.listen(spy, on_spy)
        query = {"spy": "both", "whisper": _WHISPER[mode], "app": self._client.app}
        try:
            uri = f"{path('channels', self._watched)}/snoop/{spy}"
            await self._client.request("POST", uri, query)
        except AriError as error:
            subscription.close()
            raise LegGone(self._watched) from error
        # Its own end would not be told otherwise.
        with suppress(SwitchDown):
            self._client.follow(spy)
        try:
            async with asyncio.timeout(self._session.patience):
                await self._listener.until(in_stasis)
        except TimeoutError as error:  # it ended before we could hear of its end
            subscription.close()
            raise LegGone(self._watched) from error
        await self._add(spy)
        self._spy = spy

    async def _add(self, channel_id: str) -> None:
        uri = f"{path('bridges', self._bridge)}/addChannel"
        await self._client.request("POST", uri, {"channel": channel_id})

    def _finish(self) -> None:
        if self._over.done():
            return
        mark(self._over)
        if self._spy is not None:
            self._send("DELETE", path("channels", self._spy))
        self._listener.leave(self._bridge)
        self._send("DELETE", path("bridges", self._bridge))

    def _send(self, method: str, uri: str) -> None:
        with suppress(SwitchDown):
            self._client.send(method, uri)
