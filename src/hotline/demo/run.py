"""Places the demo's calls and compares each record with what should have happened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select

from hotline.db.database import Database
from hotline.demo.record import Record, RecordMissingError, finished_record
from hotline.demo.scenarios import Scenario
from hotline.kit.clock import Clock
from hotline.kit.errors import UnavailableError
from hotline.prompts.models import prompts
from hotline.telephony.world_port import OutsideWorld, Waited

_CALL_SECONDS: Final = 90.0
_STAGGER_SECONDS: Final = 0.3
_PROMPTS_WITHIN: Final = 240.0
_POLL: Final = 0.2


class PromptsLateError(UnavailableError):
    error_id = "prompts-late"
    title = "The prompts were not spoken in time"
    title_zh = "语音未能及时合成"


@dataclass(frozen=True, slots=True)
class Result:
    """One scenario with its record and what is wrong with it."""

    scenario: Scenario
    record: Record | None
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """One entry of ``calls`` in the output of ``hotline demo --json``."""
        record = self.record
        return {
            "name": self.scenario.name,
            "caller": self.scenario.caller,
            "dialled": self.scenario.dialled,
            "outcome": record.outcome if record else None,
            "expected": self.scenario.outcome,
            "legs": [asdict(leg) for leg in record.legs] if record else [],
            "talk_seconds": record.talk_seconds if record else 0.0,
            "recording_seconds": record.recording_seconds if record else None,
        }


async def prompts_ready(database: Database, clock: Clock) -> None:
    """Wait until every prompt has its sound. Raises PromptsLateError."""
    waiting = select(func.count()).select_from(prompts).where(prompts.c.status == "pending")
    deadline = clock.monotonic() + _PROMPTS_WITHIN
    while clock.monotonic() < deadline:
        async with database.platform() as session:
            if (await session.execute(waiting)).scalar() == 0:
                return
        await clock.sleep(_POLL)
    raise PromptsLateError("see the log; `hotline doctor` looks at the voice")


async def place_all(
    world: OutsideWorld,
    database: Database,
    clock: Clock,
    scenarios: Sequence[Scenario],
    on_result: Callable[[Result], None] = lambda _: None,
) -> list[Result]:
    """Place the calls at nearly the same time; each result in the scenarios' order."""

    async def one(place: int, scenario: Scenario) -> Result:
        await clock.sleep(place * _STAGGER_SECONDS)
        result = await _place(world, database, clock, scenario)
        on_result(result)
        return result

    return await asyncio.gather(*(one(*numbered) for numbered in enumerate(scenarios)))


async def _place(
    world: OutsideWorld, database: Database, clock: Clock, scenario: Scenario
) -> Result:
    scenario.prepare(world)
    since = clock.now() - timedelta(seconds=1)
    try:
        call = await world.call(scenario.dialled, scenario.caller)
        if scenario.act is not None:
            await scenario.act(world, call, clock)
        await call.ended(within=_CALL_SECONDS)
        record = await finished_record(
            database, clock, dialled=scenario.dialled, caller=scenario.caller, since=since
        )
    except (Waited, RecordMissingError) as error:
        return Result(scenario, None, (str(error),))
    return Result(scenario, record, tuple(differences(scenario, record)))


def differences(scenario: Scenario, record: Record) -> list[str]:
    """What of the record is not as the scenario expects."""
    problems = []
    if record.outcome != scenario.outcome:
        problems.append(f"outcome {record.outcome}, expected {scenario.outcome}")
    seen = [(leg.target, leg.result, leg.sip_code) for leg in record.legs]
    wanted = [(leg.target, leg.result, leg.sip_code) for leg in scenario.legs]
    if seen != wanted:
        problems.append(f"legs {seen}, expected {wanted}")
    if not scenario.talk[0] <= record.talk_seconds <= scenario.talk[1]:
        problems.append(f"talked {record.talk_seconds} s, expected {scenario.talk}")
    if (record.recording_seconds is None) != (scenario.recording is None):
        problems.append(f"recording {record.recording_seconds} s, expected {scenario.recording}")
    elif scenario.recording is not None and record.recording_seconds is not None:
        least, most = scenario.recording
        if not least <= record.recording_seconds <= most:
            problems.append(f"recorded {record.recording_seconds} s, expected {least} to {most} s")
    return problems
