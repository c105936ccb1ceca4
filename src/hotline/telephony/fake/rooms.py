"""The rooms of one fake switch, and the hands that controllers have on them."""

from __future__ import annotations

from collections.abc import Callable

from hotline.kit.clock import Clock
from hotline.telephony.fake.line import Line
from hotline.telephony.fake.party import FakeParty
from hotline.telephony.fake.room import FakeRoom, MixedRoom
from hotline.telephony.fake.session import Session

PartyOf = Callable[[Session, Line], FakeParty]


class Rooms:
    """``party_of`` makes a line one that the controller commands."""

    def __init__(self, clock: Clock, party_of: PartyOf) -> None:
        self._clock = clock
        self._party_of = party_of
        self._mixed: dict[str, MixedRoom] = {}
        self._hands: dict[str, FakeRoom] = {}

    def open(self, session: Session, name: str) -> FakeRoom:
        """The room of that name, made where there is none."""
        hand = self._hands.get(name)
        if hand is not None:
            return hand
        mixed = self._mixed.setdefault(name, MixedRoom(name))
        parties = [self._party_of(session, line) for line in mixed.mixer.lines]
        hand = FakeRoom(self._clock, session, mixed, parties, self._closed)
        self._hands[name] = hand
        return hand

    def all(self, session: Session) -> list[FakeRoom]:
        return [self.open(session, name) for name in tuple(self._mixed)]

    def with_line(self, session: Session, line: Line) -> FakeRoom | None:
        """The room that ``line`` is in."""
        for name, mixed in self._mixed.items():
            if line in mixed.mixer.lines:
                return self.open(session, name)
        return None

    def has(self, line: Line) -> bool:
        """Whether ``line`` is in a room."""
        return any(line in mixed.mixer.lines for mixed in self._mixed.values())

    def let_go(self) -> None:
        """The controller who had them is gone."""
        self._hands.clear()

    def close_empty(self) -> None:
        """Those that a controller has left and nobody is in."""
        for name, mixed in tuple(self._mixed.items()):
            if name not in self._hands and not mixed.mixer.lines:
                mixed.close()
                del self._mixed[name]

    def crash(self) -> None:
        """The switch dies."""
        for mixed in tuple(self._mixed.values()):
            mixed.close()
        self._mixed.clear()
        for hand in tuple(self._hands.values()):
            hand.closed()

    def _closed(self, hand: FakeRoom) -> None:
        if self._hands.get(hand.name) is hand:
            del self._hands[hand.name]
        if self._mixed.get(hand.name) is hand.mixed:
            del self._mixed[hand.name]
