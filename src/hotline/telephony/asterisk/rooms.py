"""The rooms that a controller has, and how it finds them again."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping

from hotline.telephony.asterisk.client import AriError, Event, path
from hotline.telephony.asterisk.dialplan import ACCOUNT_CONTEXT, TARGET
from hotline.telephony.asterisk.leg import LEG_PREFIX, AriLeg
from hotline.telephony.asterisk.line import HELD, ROOM, AriLine
from hotline.telephony.asterisk.party import Session
from hotline.telephony.asterisk.room import ROOM_PREFIX, AriRoom, bridge_of
from hotline.telephony.asterisk.safe_values import UnsafeValueError
from hotline.telephony.asterisk.survivors import Census

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class Rooms:
    """All rooms of one controller by name."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rooms: dict[str, AriRoom] = {}
        self._opening: dict[str, asyncio.Lock] = {}

    async def open(self, name: str) -> AriRoom:
        """Raises UnsafeValueError, SwitchDown."""
        if not _NAME.fullmatch(name):
            raise UnsafeValueError(f"{name!r} is not a name for a room")
        async with self._opening.setdefault(name, asyncio.Lock()):
            room = self._rooms.get(name)
            if room is None:
                room = await self._known(name).open()
        self._opening.pop(name, None)
        return room

    def all(self) -> list[AriRoom]:
        return list(self._rooms.values())

    def lost(self) -> None:
        """The switch stayed away for too long: whoever waits for a room hears so."""
        rooms, self._rooms = self._rooms, {}
        for room in rooms.values():
            room.lost()

    def reconcile(self, rooms: Iterable[AriRoom], census: Census) -> None:
        """Close those of ``rooms`` whose bridge is not there any more."""
        there = {bridge["id"] for bridge in census.bridges}
        for room in rooms:
            if self._rooms.get(room.name) is room and bridge_of(room.name) not in there:
                room.vanished()

    async def find(self, census: Census, ours: Mapping[str, AriLine]) -> None:
        """Take up the rooms of an earlier controller and the lines in them; empty ones end.

        ``ours`` are the lines by channel id that we hold already.
        """
        found = []
        for bridge in census.bridges:
            name = str(bridge["id"]).removeprefix(ROOM_PREFIX)
            if name != bridge["id"] and name not in self._rooms:
                room = self._known(name)
                found.append(room)
                for channel_id in bridge["channels"]:
                    line = await self._line(channel_id, census, ours)
                    if line is not None:
                        room.found(line, held=False)
        for channel_id in census.channels if self._rooms else ():
            line = ours.get(channel_id)
            if line is None and not self._is_strange_leg(census.channels[channel_id]):
                continue
            if line is not None and line.room is not None:
                continue
            name = await self.variable(channel_id, ROOM)
            if name in self._rooms:
                line = line or await self._line(channel_id, census, ours)
                if line is not None:
                    held = bool(await self.variable(channel_id, HELD))
                    self._rooms[name].found(line, held=held)
        for room in found:
            if not room.lines:
                await room.close()

    async def variable(self, channel_id: str, name: str) -> str:
        """Empty where it is not set or the channel is gone. Raises SwitchDown."""
        uri = f"{path('channels', channel_id)}/variable"
        try:
            answer = await self._session.client.request("GET", uri, {"variable": name})
        except AriError:
            return ""
        return str(answer["value"] or "")

    def _known(self, name: str) -> AriRoom:
        room = self._rooms[name] = AriRoom(self._session, name, self._closed)
        return room

    def _closed(self, room: AriRoom) -> None:
        if self._rooms.get(room.name) is room:
            del self._rooms[room.name]

    def _is_strange_leg(self, channel: Event) -> bool:
        channel_id = channel["id"]
        if self._session.client.is_listened_to(channel_id):
            return False
        return channel_id.startswith(LEG_PREFIX) or is_device(channel)

    async def _line(
        self, channel_id: str, census: Census, ours: Mapping[str, AriLine]
    ) -> AriLine | None:
        if channel_id in ours:
            return ours[channel_id]
        channel: Event | None = census.channels.get(channel_id)
        if channel is None or not (channel_id.startswith(LEG_PREFIX) or is_device(channel)):
            return None
        dialled = await self.variable(channel_id, TARGET)
        if not dialled:
            return None
        leg = AriLeg.found(self._session, channel, dialled)
        if channel_id not in census.heard:
            self._session.client.follow(channel_id)
        return leg


def is_device(channel: Event) -> bool:
    """Whether a SIP device has dialled it."""
    return bool(channel["dialplan"]["context"] == ACCOUNT_CONTEXT)
