"""One outside party's line in one call, on the demo carrier's switch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from hotline.kit.clock import Clock
from hotline.telephony.asterisk.client import AriClient, AriError, Event, path
from hotline.telephony.port import SwitchDown
from hotline.telephony.world.ears import Ears
from hotline.telephony.world.listen import Samples, contains, key_of, read_sound
from hotline.telephony.world_port import LineEnd, Waited

APP = "world"
_POLL = 0.05
_BEGUN_WITHIN = 15.0
_NEVER_THERE = 404, 409, 412


class Line:
    """Implements ``world_port.OutsideLine``."""

    def __init__(self, client: AriClient, clock: Clock, folder: Path, channel_id: str) -> None:
        self._client = client
        self._clock = clock
        self._ears = Ears(client, folder, channel_id)
        self._changed = asyncio.Event()
        self._answered = False
        self._rang = False
        self._entered = False
        self._key_mode = "rfc4733"
        self._end: LineEnd | None = None
        self._cause: int | None = None
        self._by_us = False
        self._heard_until: dict[Path, int] = {}
        self.channel_id = channel_id
        self.began_at: datetime = clock.now()
        """When the call was placed, or reached the phone."""
        self.number = ""
        self.transferred_to: str | None = None
        self.pressed = ""
        """The keys that the other side pressed, as this party heard them."""
        self._subscription = client.listen(channel_id, self._on_event)

    # ------------------------------------------------------------ state

    @property
    def is_answered(self) -> bool:
        return self._answered

    @property
    def is_ended(self) -> bool:
        return self._end is not None

    async def answered(self, within: float = 10.0) -> None:
        await self._until(lambda: self._answered or self.is_ended, within, "was not answered")
        if not self._answered:
            raise Waited(f"{self} ended without an answer: {self._end}")

    async def ended(self, within: float = 60.0) -> LineEnd:
        await self._until(lambda: self.is_ended, within, "is not over")
        assert self._end is not None  # noqa: S101  the wait above saw it
        return self._end

    # ------------------------------------------------------------ what it hears

    @property
    def heard(self) -> Samples:
        """Everything the party has heard so far (within some 0.4 s), 8 kHz."""
        return self._ears.samples()

    async def hears(self, media: Path, within: float = 10.0) -> None:
        sound = await asyncio.to_thread(read_sound, media)
        key, lead = key_of(sound)
        deadline = self._clock.monotonic() + within
        while True:
            over = self.is_ended and self._ears.are_closed
            start = self._heard_until.get(media, 0)
            # In a thread: the comparison takes longer than the scripts beside it can wait.
            heard = await asyncio.to_thread(self._ears.samples)
            at = await asyncio.to_thread(contains, heard[start:], key)
            if at is not None:
                self._heard_until[media] = (
                    start + at + max(key.size, int(0.9 * (sound.size - lead)))
                )
                return
            if over or self._clock.monotonic() > deadline:
                raise Waited(
                    f"{self} did not hear {media.name} within {within} s"
                    f" ({heard.size / 8000:.1f} s heard)"
                )
            await self._clock.sleep(_POLL * 2)

    def recording(self) -> Path | None:
        return self._ears.wav()

    # ------------------------------------------------------------ what it does

    async def press(self, digits: str, *, info: bool = False) -> None:
        mode = "info" if info else "rfc4733"
        if mode != self._key_mode:
            self._key_mode = mode
            await self._do("POST", "variable", {"variable": "PJSIP_DTMF_MODE()", "value": mode})
        await self._do("POST", "dtmf", {"dtmf": digits, "duration": "100", "between": "100"})

    async def say(self, media: Path) -> None:
        name, begun = f"say-{uuid4().hex}", asyncio.Event()

        def heed(event: Event) -> None:
            if event["type"] in {"PlaybackStarted", "PlaybackFinished"}:
                begun.set()
            if event["type"] == "PlaybackFinished":
                subscription.close()
                self._keep_silence()

        subscription = self._client.listen(name, heed)
        await self._do(
            "POST", f"play/{name}", {"media": f"sound:{media.with_suffix('').absolute()}"}
        )
        if not self.is_ended:
            async with asyncio.timeout(_BEGUN_WITHIN):
                await begun.wait()

    async def hangup(self) -> None:
        if not self.is_ended:
            self._by_us = True
            await self._do("DELETE", "", {"reason_code": "16"})

    async def close(self) -> None:
        """Hang up and forget it."""
        with suppress(SwitchDown):
            await self.hangup()
        self._subscription.close()

    # ------------------------------------------------------------ inside

    async def _listen(self) -> None:
        await self._ears.open()

    def on_refer(self, event: Event) -> None:
        """The switch asked this line to call somebody else instead: it does so at once."""
        target = event["refer_to"]["requested_destination"]
        self.transferred_to = target.get("destination", "")
        self._client.send(
            "POST",
            f"channels/{path(self.channel_id)}/transfer_progress",
            {"states": "channel_answered"},
        )
        self._changed.set()

    async def _do(self, method: str, verb: str, query: dict[str, str]) -> None:
        """A command to the channel; harmless when the line is over."""
        uri = f"channels/{path(self.channel_id)}" + (f"/{verb}" if verb else "")
        try:
            await self._client.request(method, uri, query)
        except AriError as error:
            if error.status not in _NEVER_THERE:
                raise

    async def _until(self, condition: Callable[[], bool], within: float, complaint: str) -> None:
        try:
            async with asyncio.timeout(within):
                while not condition():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise Waited(f"{self} {complaint} within {within} s") from None

    def _on_event(self, event: Event) -> None:
        match event["type"]:
            case "StasisStart":
                self._entered = True
            case "ChannelStateChange":
                self._on_state(event["channel"]["state"])
            case "ChannelDtmfReceived":
                self.pressed += event["digit"]
            case "ChannelHangupRequest":
                self._cause = event.get("cause")
            case "ChannelDestroyed":
                self._on_end(event)
        self._changed.set()

    def _on_state(self, state: str) -> None:
        if state == "Up":
            self._answered = True
            self._keep_silence()
        elif state == "Ringing":
            self._rang = True

    def _keep_silence(self) -> None:
        """A phone sends audio even when nobody speaks into it."""
        if not self.is_ended:
            with suppress(SwitchDown):
                self._client.send("POST", f"channels/{path(self.channel_id)}/silence")

    def _on_end(self, event: Event) -> None:
        code = event.get("tech_cause")
        self._end = LineEnd(
            cause=event.get("cause", self._cause),
            sip_code=code if not self._answered and code and code >= 300 else None,
            by_us=self._by_us,
        )

    def __str__(self) -> str:
        return f"the line of {self.number or 'an anonymous caller'}"


class Placed(Line):
    """Implements ``world_port.PlacedCall``."""

    async def place(self, endpoint: str, caller: str) -> None:
        """Begin to call ``endpoint`` as ``caller`` (empty: withheld)."""
        self.number = caller
        presentation = {"CONNECTEDLINE(num,i)": caller, "CONNECTEDLINE(num-pres,i)": "allowed"}
        if not caller:
            presentation = {
                "CONNECTEDLINE(num,i)": "anonymous",
                "CONNECTEDLINE(pres,i)": "prohib",
            }
        await self._client.request(
            "POST",
            "channels/create",
            {"endpoint": endpoint, "app": APP, "channelId": self.channel_id},
            {"variables": {**presentation, "PJSIP_TRANSFER_HANDLING()": "ari-only"}},
        )
        await self._until(lambda: self._entered, 5, "was not created")
        await self._listen()
        await self._client.request("POST", f"channels/{path(self.channel_id)}/dial")

    async def ringing(self, within: float = 10.0) -> None:
        await self._until(
            lambda: self._rang or self._answered or self.is_ended, within, "does not ring"
        )
        if not (self._rang or self._answered):
            raise Waited(f"{self} ended without ringing: {self._end}")

    def _on_event(self, event: Event) -> None:
        # Early audio (183) is progress on a dial, not a state of the channel.
        if event["type"] == "Dial" and event.get("dialstatus") in {"RINGING", "PROGRESS"}:
            self._rang = True
        super()._on_event(event)


class Received(Line):
    """Implements ``world_port.ReceivedCall``."""

    def __init__(self, client: AriClient, clock: Clock, folder: Path, channel: Event) -> None:
        super().__init__(client, clock, folder, channel["id"])
        self.number = channel["dialplan"]["exten"]
        self.caller: str = channel["caller"]["number"]
        self.caller_name: str = channel["caller"]["name"]

    def _on_event(self, event: Event) -> None:
        # Asterisk says no more about a channel that came in once it has left the application.
        if event["type"] == "StasisEnd":
            self._on_end(event)
        super()._on_event(event)

    async def arrive(self) -> None:
        """Begin to listen."""
        await self._listen()

    async def ring(self) -> None:
        """Send 180."""
        self._rang = True
        await self._do("POST", "ring", {})

    async def answer(self) -> None:
        await self._do("POST", "answer", {})

    async def refuse(self, code: int) -> None:
        """End an unanswered call with that SIP status, 400 to 699."""
        self._by_us = True
        await self._leave("refuse", str(code))

    async def redirect(self, to: str) -> None:
        """End an unanswered call with 302 and ``to`` as the contact."""
        self._by_us = True
        await self._leave("moved", to)

    async def play_early(self, media: Path) -> None:
        """Open the audio with 183 and play, unanswered."""
        await self.say(media)

    async def _leave(self, context: str, extension: str) -> None:
        await self._do(
            "POST", "continue", {"context": context, "extension": extension, "priority": "1"}
        )
