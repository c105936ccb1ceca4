"""The calls that the demo places, and what must become of each.

Every one has a hotline and phones of its own, so that all run at the same time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from hotline.kit.clock import Clock
from hotline.samples import SampleDestination, SampleEnterprise, SampleGroup, SampleHotline
from hotline.telephony.world_port import OutsideWorld, PlacedCall

_RING_SECONDS: Final = 5
_TALK_SECONDS: Final = 4.0
_PATIENCE: Final = 40.0
_GREETING: Final = "您好，欢迎致电晨星科技。"
_NOTICE: Final = "通话可能会被录音。"
BLACKLISTED: Final = "13800000666"


@dataclass(frozen=True, slots=True)
class ExpectedLeg:
    """One attempt to reach a destination."""

    target: str
    result: str
    sip_code: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One call. Seconds are the least and the most that pass as right."""

    name: str
    title: str
    dialled: str
    caller: str
    destinations: Sequence[str] = ()
    prepare: Callable[[OutsideWorld], None] = lambda _: None
    """Tells the phones how to behave."""
    act: Callable[[OutsideWorld, PlacedCall, Clock], Awaitable[None]] | None = None
    """What the caller does; None: waits for the end."""
    outcome: str
    legs: Sequence[ExpectedLeg] = ()
    talk: tuple[float, float] = (0.0, 0.0)
    recording: tuple[float, float] | None = None
    closed: bool = False


def _first_answers(world: OutsideWorld) -> None:
    world.phone("13900000011").answers(after=1.0, hangs_up_after=_TALK_SECONDS)


def _second_answers(world: OutsideWorld) -> None:
    world.phone("13900000021").busy()
    world.phone("13900000022").answers(after=0.5, hangs_up_after=_TALK_SECONDS)


def _nobody_answers(world: OutsideWorld) -> None:
    for number in ("13900000031", "13900000032"):
        world.phone(number).never_answers()


def _rings_on(world: OutsideWorld) -> None:
    world.phone("13900000061").never_answers()


async def _give_up_while_ringing(world: OutsideWorld, call: PlacedCall, clock: Clock) -> None:
    await world.phone("13900000061").rings(within=_PATIENCE)
    await clock.sleep(1.0)
    await call.hangup()


SCENARIOS: Sequence[Scenario] = (
    Scenario(
        name="answered",
        title="接通：第一个号码接听",
        dialled="4006001001",
        caller="13812345678",
        destinations=("13900000011", "13900000012"),
        prepare=_first_answers,
        outcome="answered",
        legs=(ExpectedLeg("13900000011", "answered", 200),),
        talk=(3.0, 7.0),
        recording=(3.0, 8.0),
    ),
    Scenario(
        name="busy-then-next",
        title="遇忙：转下一个号码",
        dialled="4006001002",
        caller="02162345678",
        destinations=("13900000021", "13900000022"),
        prepare=_second_answers,
        outcome="answered",
        legs=(
            ExpectedLeg("13900000021", "busy", 486),
            ExpectedLeg("13900000022", "answered", 200),
        ),
        talk=(3.0, 7.0),
        recording=(3.0, 8.0),
    ),
    Scenario(
        name="nobody-answers",
        title="无人接听",
        dialled="4006001003",
        caller="13612345678",
        destinations=("13900000031", "13900000032"),
        prepare=_nobody_answers,
        outcome="unanswered: no_answer",
        legs=(
            ExpectedLeg("13900000031", "no_answer", None),
            ExpectedLeg("13900000032", "no_answer", None),
        ),
    ),
    Scenario(
        name="blacklisted",
        title="黑名单来电",
        dialled="4006001004",
        caller=BLACKLISTED,
        destinations=("13900000041",),
        outcome="refused: blacklist",
    ),
    Scenario(
        name="closed",
        title="非营业时间",
        dialled="4006001005",
        caller="13512345678",
        destinations=("13900000051",),
        outcome="refused: closed",
        closed=True,
    ),
    Scenario(
        name="caller-hangs-up",
        title="振铃时主叫挂机",
        dialled="4006001006",
        caller="13712345678",
        destinations=("13900000061",),
        prepare=_rings_on,
        act=_give_up_while_ringing,
        outcome="abandoned: ringing",
        legs=(ExpectedLeg("13900000061", "cancelled", None),),
    ),
)


def company(scenarios: Sequence[Scenario] = SCENARIOS) -> SampleEnterprise:
    """The enterprise whose hotlines these calls dial."""
    return SampleEnterprise(
        name="晨星科技有限公司",
        destinations=[
            SampleDestination(number, "", _RING_SECONDS)
            for scenario in scenarios
            for number in scenario.destinations
        ],
        groups=[
            SampleGroup(scenario.name, "priority", scenario.destinations) for scenario in scenarios
        ],
        hours={"不营业": {}},
        blacklist=(BLACKLISTED,),
        hotlines=[
            SampleHotline(
                scenario.dialled,
                scenario.title,
                scenario.name,
                _GREETING,
                recording=True,
                recording_notice=_NOTICE,
                hours="不营业" if scenario.closed else None,
            )
            for scenario in scenarios
        ],
    )
