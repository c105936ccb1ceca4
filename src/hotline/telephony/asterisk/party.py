"""What a caller's and a called party's channel have in common while the controller has them."""

from __future__ import annotations

import asyncio
import itertools
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import structlog

from hotline.kit.clock import Clock
from hotline.telephony.asterisk.client import AriClient, AriError, Event, path
from hotline.telephony.asterisk.notes import Notes
from hotline.telephony.asterisk.plans import Plans
from hotline.telephony.asterisk.safe_values import media_path
from hotline.telephony.port import (
    Cause,
    Collected,
    CollectEnd,
    CollectPlan,
    Media,
    MediaMissing,
    Played,
    Prompt,
    SwitchDown,
    TelephonyError,
)

log = structlog.get_logger(__name__)
T = TypeVar("T")

LONGEST_SILENCE = 60.0
_ALAW_SILENCE = b"\xd5"
HANGUP_PATIENCE = 3.0
BYTES_A_SECOND = 8000
"""Of A-law, in which prompts are; of other files it is no less."""
LATE = 2.0
"""Seconds after which a play that should be over is looked for, again and again."""
_PLAYS_AT_ONCE = 4
"""More than can be left of a party's plays: one that is ending, and the next."""
_AWAY = "the switch did not come back in time"
_ENDS = frozenset({"ChannelHangupRequest", "ChannelDestroyed"})


@dataclass(slots=True)
class Session:
    """What every part of the engine works with."""

    client: AriClient
    notes: Notes
    plans: Plans
    clock: Clock
    sounds: Path
    """Silences are made here, beside the prompts."""
    recordings: Path
    """The switch's own recording folder (``<astspooldir>/recording``)."""
    patience: float = 3.0
    down: bool = False
    """The switch has stayed away for longer than ``patience``."""
    files: dict[str, Any] = field(default_factory=dict)
    """Recordings of ours that go on, by the switch's name for them (``LiveFile``)."""
    legs: set[Any] = field(default_factory=set)
    """Every leg that is dialled or up (``AriLeg``)."""
    stopping: bool = False
    """The controller is leaving: what runs in the switch is left to run."""

    def prompts(self, media: Sequence[Media], *, skip_missing: bool = False) -> list[Prompt]:
        """``media`` as files that are there. Raises MediaMissing, or leaves out what is not."""
        found = []
        for item in media:
            try:
                found.append(self._prompt(item))
            except MediaMissing as error:
                if not skip_missing:
                    raise
                log.warning("media.missing", error=str(error))
        return found

    def _prompt(self, item: Media) -> Prompt:
        if isinstance(item, Prompt):
            if not item.path.is_file():
                raise MediaMissing(f"{item.path} is not there")
            return item
        milliseconds = round(min(max(item.seconds, 0.02), LONGEST_SILENCE) * 1000)
        file = self.sounds / f"silence-{milliseconds}.alaw"
        if not file.is_file():
            file.write_bytes(_ALAW_SILENCE * (8 * milliseconds))
        return Prompt(file)


def playbacks_of(channel_id: str) -> tuple[str, ...]:
    """What plays to this party are called, in turn: so that another controller can end them."""
    return tuple(f"hl-play-{channel_id}-{turn}" for turn in range(_PLAYS_AT_ONCE))


class Party(ABC):
    """A channel under our command. Verbs end with :meth:`gone_error` when it hangs up."""

    def __init__(self, session: Session, channel_id: str) -> None:
        self.session = session
        self.id = channel_id
        self.path = path("channels", channel_id)
        """Of its commands."""
        self.cause: int | None = None
        """Set when it has hung up."""
        self._our_cause: int | None = None
        self._waiting: set[asyncio.Future[Any]] = set()
        self._keys: list[Callable[[str], None]] = []
        self._music = 0
        """How many blocks want music now."""
        self._playing: dict[str, asyncio.Future[str | None]] = {}
        self._plays = itertools.cycle(playbacks_of(self.id))
        self._waiting_for_switch: set[asyncio.Future[Any]] = set()
        """Woken by the end of the switch alone, not by the end of the party."""
        self._ends: list[Callable[[], None]] = []
        self._subscription = session.client.listen(channel_id, self.on_event)

    # ------------------------------------------------------------ what happens to it

    @abstractmethod
    def gone_error(self) -> TelephonyError:
        """What its verbs raise once it has hung up."""

    @property
    def is_over(self) -> bool:
        return self.cause is not None

    @property
    def hung_up_by_us(self) -> bool:
        return self._our_cause is not None

    def on_event(self, event: Event) -> None:
        """Called for each event about the channel."""
        kind = event["type"]
        if kind == "ChannelDtmfReceived":
            for listener in tuple(self._keys):
                listener(event["digit"])
        elif kind in _ENDS and event["channel"]["id"] == self.id:
            self.over(event)

    def over(self, event: Event) -> None:
        """It has hung up; whoever waits on it hears so."""
        if self.cause is not None:
            return
        # Of our own hang-up Asterisk tells a cause that nobody gave.
        self.cause = self._our_cause or event.get("cause") or int(Cause.NORMAL)
        for waiting in tuple(self._waiting):
            if not waiting.done():
                waiting.set_exception(self.gone_error())
        for tell in self._ends:
            tell()

    def when_over(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` on its end, or now when it is over."""
        if self.is_over:
            tell()
        else:
            self._ends.append(tell)

    def lost(self) -> None:
        """The switch stayed away for too long."""
        for waiting in self._waiting | self._waiting_for_switch:
            if not waiting.done():
                waiting.set_exception(SwitchDown(_AWAY))

    def forget(self) -> None:
        """Listen no more."""
        self._subscription.close()

    async def resync(self) -> None:
        """After events were missed: end the plays that are not there any more."""
        for playback, done in tuple(self._playing.items()):
            await self._look_for(playback, done)

    async def _look_for(self, playback: str, done: asyncio.Future[str | None]) -> None:
        try:
            await self.session.client.request("GET", path("playbacks", playback))
        except AriError:
            if not done.done():
                done.set_result(None)

    async def _watch(self, playback: str, done: asyncio.Future[str | None], seconds: float) -> None:
        """A play whose end the switch did not tell must not keep a caller for ever: look for it
        when it should be over."""
        await asyncio.sleep(seconds + LATE)
        while not done.done():
            with suppress(SwitchDown):
                await self._look_for(playback, done)
            await asyncio.sleep(LATE)

    # ------------------------------------------------------------ waiting and commanding

    async def until(self, future: asyncio.Future[T]) -> T:
        """Await ``future``, which is ours alone; ends early when the party or the switch goes."""
        if not future.done():
            if self.is_over:
                future.cancel()
                raise self.gone_error()
            if self.session.down:
                future.cancel()
                raise SwitchDown(_AWAY)
            self._waiting.add(future)
            future.add_done_callback(self._waiting.discard)
        return await future

    async def ready(self) -> None:
        """Return when commands can be given. Raises when the party or the switch is gone."""
        if self.is_over:
            raise self.gone_error()
        if not self.session.client.connected:
            await self.session.client.wait_connected(self.session.patience)
            if self.is_over:
                raise self.gone_error()

    def send(
        self,
        method: str,
        verb: str,
        query: Mapping[str, str] | None = None,
        body: object = None,
        *,
        confirms: asyncio.Future[T] | None = None,
    ) -> None:
        """Command the channel; a refusal makes ``confirms`` fail."""

        def refused(error: AriError) -> None:
            if confirms is not None and not confirms.done():
                confirms.set_exception(SwitchDown(str(error)))

        uri = f"{self.path}/{verb}"
        self.session.client.send(
            method, uri, query, body, on_refused=refused if confirms is not None else None
        )

    async def request(self, method: str, verb: str, query: Mapping[str, str]) -> object:
        """Command the channel and await the answer. A channel that is not there is gone."""
        await self.ready()
        uri = f"{self.path}/{verb}"
        try:
            answer: object = await self.session.client.request(method, uri, query)
        except AriError as error:
            if error.status != 404:
                raise SwitchDown(str(error)) from error
            self.over({})
            raise self.gone_error() from error
        return answer

    def send_if_there(self, method: str, uri: str) -> None:
        """For cleaning up: nothing to clean where channel or switch are gone."""
        if not self.session.stopping:
            with suppress(SwitchDown):
                self.session.client.send(method, uri)

    def leave(self, bridge: str) -> None:
        """Take it out of the switch's ``bridge``, which ends next: the end of the bridge alone
        would let it go at some later time, and lose what is played to it until then."""
        if not self.is_over:
            with suppress(SwitchDown):
                uri = f"{path('bridges', bridge)}/removeChannel"
                self.session.client.send("POST", uri, {"channel": self.id})

    # ------------------------------------------------------------ verbs

    @contextmanager
    def keys(self, listener: Callable[[str], None]) -> Iterator[None]:
        """Hand each key pressed to ``listener``."""
        self._keys.append(listener)
        try:
            yield
        finally:
            self._keys.remove(listener)

    async def play(self, media: Sequence[Media], *, interrupt: str = "", repeat: int = 1) -> Played:
        prompts = self.session.prompts(media)
        uris = [f"sound:{media_path(item.path)}" for item in prompts]
        await self.ready()
        if not uris:
            return Played(None)
        seconds = _seconds(prompts)
        for _ in range(repeat):
            digit = await self._play_once(uris, interrupt, seconds)
            if digit is not None:
                return Played(digit)
        return Played(None)

    async def _play_once(self, uris: Sequence[str], interrupt: str, seconds: float) -> str | None:
        playback = next(self._plays)
        done: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        finished = False

        def on_event(event: Event) -> None:
            nonlocal finished
            if event["type"] != "PlaybackFinished":
                return
            finished = True
            if not done.done():
                if event["playback"]["state"] == "failed":
                    done.set_exception(MediaMissing(f"{uris} could not be played"))
                else:
                    done.set_result(None)

        def on_key(digit: str) -> None:
            if digit in interrupt and not done.done():
                done.set_result(digit)

        self._playing[playback] = done
        watch = asyncio.create_task(self._watch(playback, done, seconds))
        with self.session.client.listen(playback, on_event), self.keys(on_key):
            try:
                self.send("POST", path("play", playback), {"media": ",".join(uris)}, confirms=done)
                return await self.until(done)
            finally:
                watch.cancel()
                del self._playing[playback]
                if not finished and not self.is_over:
                    self.send_if_there("DELETE", path("playbacks", playback))

    async def collect(self, plan: CollectPlan) -> Collected:
        pressed: deque[str] = deque()
        arrival: asyncio.Future[None] | None = None

        def on_key(digit: str) -> None:
            pressed.append(digit)
            if arrival is not None and not arrival.done():
                arrival.set_result(None)

        digits = ""
        patience = plan.first_digit_timeout
        with self.keys(on_key):
            await self.play(plan.prompts, interrupt="0123456789*#ABCD")
            while len(digits) < plan.max_digits:
                if not pressed:
                    arrival = asyncio.get_running_loop().create_future()
                    try:
                        async with asyncio.timeout(patience):
                            await self.until(arrival)
                    except TimeoutError:
                        return Collected(digits, CollectEnd.TIMEOUT)
                digit = pressed.popleft()
                if digit == plan.terminator:
                    return Collected(digits, CollectEnd.TERMINATOR)
                digits += digit
                patience = plan.inter_digit_timeout
        return Collected(digits, CollectEnd.FULL)

    @contextmanager
    def woken_by_switch(self, waiting: asyncio.Future[Any]) -> Iterator[None]:
        """``waiting`` gets SwitchDown when the switch stays away for too long."""
        if self.session.down:
            raise SwitchDown(_AWAY)
        self._waiting_for_switch.add(waiting)
        try:
            yield
        finally:
            self._waiting_for_switch.discard(waiting)

    @asynccontextmanager
    async def music(self, name: str = "default") -> AsyncIterator[None]:
        """Music of class ``name`` while the block runs."""
        await self.ready()
        self.send("POST", "moh", {"mohClass": name})
        self._music += 1
        try:
            yield
        finally:
            self._music -= 1
            if not self.is_over:
                self.send_if_there("DELETE", f"{self.path}/moh")

    async def hangup(self, cause: Cause = Cause.NORMAL) -> None:
        if self.is_over:
            return
        if not self.session.client.connected:
            await self.session.client.wait_connected(self.session.patience)
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.when_over(lambda: mark(ended))
        self._our_cause = int(cause)
        self.session.client.send(
            "DELETE",
            self.path,
            {"reason_code": str(int(cause))},
            on_refused=lambda _: self.over({"cause": int(cause)}),
        )
        with suppress(TimeoutError):
            async with asyncio.timeout(HANGUP_PATIENCE):
                await ended

    async def until_gone(self) -> int:
        """Wait for its end; the Q.850 cause. Raises SwitchDown."""
        never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with suppress(type(self.gone_error())):
            await self.until(never)
        return self.cause or int(Cause.NORMAL)


def _seconds(prompts: Sequence[Prompt]) -> float:
    """How long they play, at the most; 0 where one has just gone."""
    try:
        return sum(item.path.stat().st_size for item in prompts) / BYTES_A_SECOND
    except OSError:
        return 0.0


def mark(milestone: asyncio.Future[None]) -> None:
    """Say that it is reached; harmless when it was, or when nobody waits any more."""
    if not milestone.done():
        milestone.set_result(None)
