"""Rooms: mixing bridges of the switch under our command."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from hotline.kit.ids import unguessable_name
from hotline.telephony.asterisk.client import AriError, Event, path
from hotline.telephony.asterisk.line import HELD, ROOM, AriLine
from hotline.telephony.asterisk.live_file import LiveFile
from hotline.telephony.asterisk.party import Session
from hotline.telephony.asterisk.safe_values import media_path
from hotline.telephony.port import (
    Cause,
    DigitPressed,
    HoldChanged,
    Line,
    LineLeft,
    Media,
    MediaMissing,
    Recorder,
    RoomClosed,
    RoomEvent,
    SwitchDown,
)

ROOM_PREFIX = "hl-room-"
_LEAVING = 0.5
"""Seconds for a channel that the switch refuses to say that it has hung up."""


@dataclass(slots=True)
class Member:
    """A line in the room."""

    line: AriLine
    held: bool = False
    muted: bool = False
    stop: list[Callable[[], None]] = field(default_factory=list)


class AriRoom:
    """Implements ``port.Room``."""

    def __init__(self, session: Session, name: str, forget: Callable[[AriRoom], None]) -> None:
        self.name = name
        self._session = session
        self._client = session.client
        self._forget = forget
        self._members: dict[str, Member] = {}
        self._events: asyncio.Queue[RoomEvent | SwitchDown | None] = asyncio.Queue()
        self._closed = False

    # ------------------------------------------------------------ its beginning and its end

    async def open(self) -> AriRoom:
        """Make its bridge. Raises SwitchDown."""
        query = {"type": "mixing,dtmf_events", "bridgeId": bridge_of(self.name)}
        try:
            await self._client.request("POST", "bridges", query)
        except AriError as error:
            raise SwitchDown(f"no room: {error}") from error
        return self

    def found(self, line: AriLine, *, held: bool, muted: bool = False) -> None:
        """An earlier controller put ``line`` here."""
        member = self._enter(line)
        member.held, member.muted = held, muted

    async def close(self) -> None:
        if self._closed:
            return
        await self._connected()
        for member in self._members.values():
            self._release(member)
            if not member.held:
                member.line.leave(bridge_of(self.name))
        with suppress(AriError):
            await self._client.request("DELETE", path("bridges", bridge_of(self.name)))
        self.vanished()

    def vanished(self) -> None:
        """Its bridge is not there any more."""
        if self._closed:
            return
        self._closed = True
        for channel_id in tuple(self._members):
            self._leave(channel_id)
        self._events.put_nowait(None)
        self._forget(self)

    def lost(self) -> None:
        """The switch stayed away for too long; whoever has it next finds it again."""
        for channel_id in tuple(self._members):
            self._leave(channel_id)
        self._events.put_nowait(SwitchDown("the switch did not come back in time"))

    # ------------------------------------------------------------ who is in it

    @property
    def lines(self) -> tuple[AriLine, ...]:
        return tuple(member.line for member in self._members.values())

    def is_held(self, line: Line) -> bool:
        return line.id in self._members and self._members[line.id].held

    def is_muted(self, line: Line) -> bool:
        return line.id in self._members and self._members[line.id].muted

    async def add(self, line: Line, *, muted: bool = False) -> None:
        ours = our(line)
        await self._ready(ours)
        if ours.id in self._members:
            return
        if isinstance(ours.room, AriRoom):
            ours.room.given_away(ours)
        member = self._enter(ours)
        ours.note(ROOM, self.name)
        if muted:
            member.muted = True
            ours.send("POST", "mute", {"direction": "in"})
        try:
            await self._put_in(ours)
        except BaseException:
            self._leave(ours.id)
            raise

    async def remove(self, line: Line) -> None:
        member = self._members.get(line.id)
        if member is None:
            return
        await self._connected()
        self._leave(line.id)
        if member.line.is_over:
            return
        self._release(member)
        if not member.held:
            await self._take_out(member.line)

    def given_away(self, line: AriLine) -> None:
        """Another room takes ``line``; the switch moves it by itself."""
        member = self._members[line.id]
        self._leave(line.id)
        self._release(member)

    # ------------------------------------------------------------ who hears whom

    async def hold(self, line: Line, *, music: str = "default") -> None:
        member = await self._member(line)
        if member.held:
            return
        member.held = True
        member.line.note(HELD, "1")
        await self._take_out(member.line)
        member.line.send("POST", "moh", {"mohClass": music})

    async def resume(self, line: Line) -> None:
        member = await self._member(line)
        if not member.held:
            return
        member.held = False
        member.line.note(HELD, "")
        member.line.send("DELETE", "moh")
        await self._put_in(member.line)

    async def mute(self, line: Line) -> None:
        member = await self._member(line)
        member.muted = True
        await member.line.request("POST", "mute", {"direction": "in"})

    async def unmute(self, line: Line) -> None:
        member = await self._member(line)
        if member.muted:
            member.muted = False
            await member.line.request("DELETE", "mute", {"direction": "in"})

    async def play(self, media: Sequence[Media]) -> None:
        uris = [f"sound:{media_path(item.path)}" for item in self._session.prompts(media)]
        await self._open()
        if not uris:
            return
        playback = f"hl-play-{unguessable_name()}"
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def on_event(event: Event) -> None:
            if event["type"] == "PlaybackFinished" and not over.done():
                if event["playback"]["state"] == "failed":
                    over.set_exception(MediaMissing(f"{uris} could not be played"))
                else:
                    over.set_result(None)

        with self._client.listen(playback, on_event):
            await self._request("POST", f"play/{playback}", {"media": ",".join(uris)})
            try:
                await over
            except asyncio.CancelledError:
                with suppress(SwitchDown):
                    self._client.send("DELETE", path("playbacks", playback))
                raise

    async def record(self, target: Path) -> Recorder:
        await self._open()
        file = LiveFile(self._session, target)
        query = {"name": file.name, "format": "wav", "ifExists": "overwrite"}
        try:
            await self._request("POST", "record", query)
        except BaseException:
            file.forget()
            raise
        return file

    # ------------------------------------------------------------ what happens

    async def events(self) -> AsyncIterator[RoomEvent]:
        while (event := await self._events.get()) is not None:
            if isinstance(event, SwitchDown):
                raise event
            yield event

    def _enter(self, line: AriLine) -> Member:
        member = self._members[line.id] = Member(line)
        line.room = self

        def on_event(event: Event) -> None:
            if event["type"] == "ChannelDtmfReceived":
                self._events.put_nowait(DigitPressed(line.id, event["digit"]))
            elif event["type"] in {"ChannelHold", "ChannelUnhold"}:
                held = event["type"] == "ChannelHold"
                self._events.put_nowait(HoldChanged(line.id, held))

        def over() -> None:
            if self._members.get(line.id) is member:
                self._leave(line.id)
                cause = line.cause or int(Cause.NORMAL)
                self._events.put_nowait(LineLeft(line.id, cause))

        member.stop.append(self._client.listen(line.id, on_event).close)
        line.when_over(over)
        return member

    def _leave(self, channel_id: str) -> None:
        member = self._members.pop(channel_id, None)
        if member is not None:
            for stop in member.stop:
                stop()
            if member.line.room is self:
                member.line.room = None

    def _release(self, member: Member) -> None:
        """Undo what was done to its channel."""
        line = member.line
        if line.is_over:
            return
        line.note(ROOM, "")
        if member.held:
            line.note(HELD, "")
            line.send("DELETE", "moh")
        if member.muted:
            line.send("DELETE", "mute", {"direction": "in"})

    # ------------------------------------------------------------ commanding

    async def _member(self, line: Line) -> Member:
        await self._ready(our(line))
        member = self._members.get(line.id)
        if member is None:
            raise ValueError(f"{line.id} is not in the room {self.name}")
        return member

    async def _ready(self, line: AriLine) -> None:
        if self._closed:
            raise RoomClosed(self.name)
        await line.ready()
        if self._closed:
            raise RoomClosed(self.name)

    async def _open(self) -> None:
        await self._connected()
        if self._closed:
            raise RoomClosed(self.name)

    async def _connected(self) -> None:
        if not self._client.connected:
            await self._client.wait_connected(self._session.patience)

    async def _put_in(self, line: AriLine) -> None:
        try:
            await self._request("POST", "addChannel", {"channel": line.id})
        except AriError as error:
            await _raise_if_leaving(line)
            raise SwitchDown(str(error)) from error

    async def _take_out(self, line: AriLine) -> None:
        try:
            await self._request("POST", "removeChannel", {"channel": line.id})
        except AriError:
            await _raise_if_leaving(line)

    async def _request(self, method: str, verb: str, query: dict[str, str]) -> None:
        """Command the bridge. Raises RoomClosed, SwitchDown, and AriError for refusals."""
        try:
            uri = f"{path('bridges', bridge_of(self.name))}/{verb}"
            await self._client.request(method, uri, query)
        except AriError as error:
            if error.status == 404:
                self.vanished()
                raise RoomClosed(self.name) from error
            raise


def bridge_of(name: str) -> str:
    return f"{ROOM_PREFIX}{name}"


def our(line: object) -> AriLine:
    """``line`` as ours. Raises TypeError for another switch's."""
    if not isinstance(line, AriLine):
        raise TypeError("a line of another switch cannot be used here")
    return line


async def _raise_if_leaving(line: AriLine) -> None:
    """The switch refused the channel: most likely it hangs up just now."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_LEAVING):
            await line.until_gone()
    if line.is_over:
        raise line.gone_error()
