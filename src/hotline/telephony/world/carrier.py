"""The demo carrier: a switch that stands for everybody outside, moved by a script."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import structlog

from hotline.kit.clock import Clock, SystemClock
from hotline.telephony.asterisk.client import AriClient, AriError, Event
from hotline.telephony.asterisk.configuration import Address, SwitchConfiguration
from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.asterisk.process import SwitchProcess
from hotline.telephony.asterisk.sip import Carrier, SipSettings
from hotline.telephony.port import SwitchDown
from hotline.telephony.world.lines import APP, Line, Placed, Received
from hotline.telephony.world.phones import Phone
from hotline.telephony.world_port import OutsideWorld

_log = structlog.get_logger(__name__)
_US = "hotline"
_CONTEXT = "from-hotline"
_EVENTS = (
    "StasisStart",
    "StasisEnd",
    "ChannelHangupRequest",
    "ChannelStateChange",
    "ChannelDestroyed",
    "ChannelDtmfReceived",
    "ChannelTransfer",
    "Dial",
    "PlaybackStarted",
    "PlaybackFinished",
    "RecordingFinished",
    "RecordingFailed",
)


def world_configuration(
    home: Path, *, sip: Address, ari: Address, hotline: Address, qualify_frequency: int = 5
) -> SwitchConfiguration:
    """The demo carrier's own instance; ``hotline`` is where it sends calls to our numbers."""
    return SwitchConfiguration(
        node="world",
        home=home,
        sip=sip,
        ari=ari,
        sounds=home / "sounds",
        spool=home / "recorded",
        carriers=[Carrier(name=_US, host=hotline.host, port=hotline.port)],
        sip_settings=SipSettings(
            context=_CONTEXT,
            qualify_frequency=qualify_frequency,
            user_agent="World",
            allow_refer=True,
        ),
    )


def world_process(
    configuration: SwitchConfiguration, installation: Installation, *, clock: Clock | None = None
) -> SwitchProcess:
    """Its process, which never outlives ours."""
    return SwitchProcess(
        configuration, installation, _dialplan(configuration.sip), clock=clock, dies_with_us=True
    )


def _dialplan(own: Address) -> str:
    return f"""\
[{_CONTEXT}]
exten => _[+0-9A-Za-z]!,1,Stasis({APP})
 same => n,Hangup()

[refuse]
exten => _[0-9][0-9][0-9],1,PJSIPHangup(${{EXTEN}})
 same => n,Hangup()

[moved]
exten => _[+0-9A-Za-z]!,1,Transfer(PJSIP/sip:${{EXTEN}}@{own.host}:{own.port})
 same => n,Hangup()
"""


class World:
    """Implements ``world_port.OutsideWorld`` over a running :func:`world_process`."""

    def __init__(
        self,
        configuration: SwitchConfiguration,
        *,
        trunk: str = "world",
        clock: Clock | None = None,
    ) -> None:
        """``trunk`` is the name under which Hotline's switch knows this carrier."""
        self.trunk = trunk
        self._clock = clock or SystemClock()
        self._heard = configuration.home / "spool" / "recording"
        self._client = AriClient(
            f"http://{configuration.ari}",
            configuration.ari_user,
            configuration.ari_password,
            APP,
            events=_EVENTS,
        )
        self._phones: dict[str, Phone] = {}
        self._lines: list[Line] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._client.listen_others(self._on_event)

    async def __aenter__(self) -> Self:
        self._spawn(self._client.run())
        await self._client.wait_connected(10)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up whatever still goes on, then leave."""
        for line in self._lines:
            await line.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # ------------------------------------------------------------ the story's words

    def phone(self, number: str) -> Phone:
        """The phone of that number, the same object each time."""
        return self._phones.setdefault(number, Phone(number, self._clock))

    async def call(self, dialled: str, caller: str = "", *, via: str = _US) -> Placed:
        """Somebody calls one of our numbers; returns when the call is on its way.

        ``via`` is the endpoint by which we are reached.
        """
        line = Placed(self._client, self._clock, self._heard, f"placed-{uuid4().hex}")
        self._lines.append(line)
        await line.place(f"PJSIP/{dialled}@{via}", caller)
        return line

    # ------------------------------------------------------------ inside

    def _on_event(self, event: Event) -> None:
        if event["type"] == "ChannelTransfer":
            self._on_transfer(event)
        elif event["type"] == "StasisStart" and not event["args"]:
            self._on_arrival(event)

    def _on_transfer(self, event: Event) -> None:
        # It names its channel where no other event does, so nobody hears it by id.
        channel_id = event["referred_by"]["source_channel"]["id"]
        for line in self._lines:
            if line.channel_id == channel_id:
                line.on_refer(event)

    def _on_arrival(self, event: Event) -> None:
        channel = event["channel"]
        if channel["dialplan"]["context"] != _CONTEXT:
            return
        line = Received(self._client, self._clock, self._heard, channel)
        self._lines.append(line)
        behaviour = self.phone(line.number).reached_by(line)

        async def play_its_part() -> None:
            await line.arrive()
            with suppress(AriError, SwitchDown):  # the other side may hang up at any step
                await behaviour(line)

        self._spawn(play_its_part())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("world.task_failed", error=repr(error))


def _conforms(world: World) -> OutsideWorld:
    """Scripts written against the protocol run on this; the type checker reads it, nobody else."""
    return world
