"""kill -9 of the controller while callers wait in a queue and one of them rings at an agent."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hotline.telephony.world.carrier import World
from hotline.telephony.world.lines import Placed, Received
from tests.faults.company import QUEUED
from tests.faults.site import Record, Site, until
from tests.faults.test_kills import hear_each_other, results

pytestmark = pytest.mark.xdist_group("faults: kills")
PATIENCE = 30.0
"""Seconds for what takes a few where the machine has nothing else to do."""
_APART = 0.5
"""Seconds between calls that are to arrive in their order."""


def presence(site: Site, place: int) -> dict[str, Any]:
    """Of the agent who has that phone."""
    [row] = site.rows(
        "select p.* from agent_presence p join agents a on a.id = p.agent_id where a.name = %s",
        QUEUED.phones[place],
    )
    return row


def set_state(site: Site, state: str) -> None:
    """Of the first agent."""
    agent = presence(site, 0)["agent_id"]
    site.rows(
        "update agent_presence set state = %s, since = now(), idle_since = now()"
        " where agent_id = %s",
        state,
        agent,
    )


def in_line(site: Site) -> list[tuple[str, str]]:
    """Caller and state of everybody in the queue, in their order."""
    rows = site.rows(
        "select caller, state from queue_entries where state in ('waiting', 'offered')"
        " and entered_at >= %s order by entered_at",
        site.began,
    )
    return [(row["caller"], row["state"]) for row in rows]


async def stand_in_line(site: Site, world: World, callers: list[str]) -> list[Placed]:
    """In that order, each while the one before still hears that the call is recorded."""
    calls = []
    for caller in callers:
        calls.append(await world.call(QUEUED.number, caller))
        await asyncio.sleep(_APART)
    await until(
        lambda: in_line(site) == [(caller, "waiting") for caller in callers],
        PATIENCE,
        lambda: f"not in line: {in_line(site)}",
    )
    return calls


async def served(world: World, call: Placed, voice: Path, reply: Path) -> Received:
    """``call`` is the next to be rung at the first agent, who takes it."""
    line = await world.phone(QUEUED.phones[0]).rings(PATIENCE)
    await line.answer()
    await hear_each_other(call, line, voice, reply)
    return line


@pytest.mark.timeout(180)
async def test_who_waits_keeps_the_place_when_the_controller_is_killed(
    site: Site, world: World, voice: Path, reply: Path
) -> None:
    phone = world.phone(QUEUED.phones[0]).never_answers()
    callers = [f"1384000000{place}" for place in range(4)]
    set_state(site, "break")
    calls = await stand_in_line(site, world, callers)
    set_state(site, "ready")
    rung = await phone.rings(PATIENCE)
    await until(lambda: in_line(site)[0] == (callers[0], "offered"), PATIENCE)
    await until(lambda: "ringing" in site.records(callers[0])[0].events, PATIENCE)

    site.kill()
    await calls[2].hangup()
    await asyncio.to_thread(site.start)

    await rung.ended(PATIENCE)  # nobody knew any more for whom it rang
    for place in (0, 1, 3):
        await served(world, calls[place], voice, reply)
        assert not any(calls[later].is_ended for later in (0, 1, 3) if later > place)
        await calls[place].hangup()
    records = {caller: await site.record(caller, within=PATIENCE) for caller in callers}
    await until(lambda: presence(site, 0)["state"] == "ready", PATIENCE)
    set_state(site, "break")

    assert results(records[callers[0]]) == ["cancelled", "answered"]
    for caller in (callers[1], callers[3]):
        assert results(records[caller]) == ["answered"]
    for caller in (callers[0], callers[1], callers[3]):
        record = records[caller]
        assert (record.outcome, record.ended_by) == ("answered", "caller")
        assert record.recordings
    gone = records[callers[2]]
    assert (gone.outcome, gone.ended_by, gone.legs) == ("abandoned", "caller", [])
    states = [entry_of(site, caller)["state"] for caller in callers]
    assert states == ["answered", "answered", "left", "answered"]
    assert_order(records, [callers[0], callers[1], callers[3]])
    assert in_line(site) == []
    await site.at_rest(PATIENCE)


def entry_of(site: Site, caller: str) -> dict[str, Any]:
    asked = "select * from queue_entries where caller = %s and entered_at >= %s"
    [entry] = site.rows(asked, caller, site.began)
    return entry


def assert_order(records: dict[str, Record], order: list[str]) -> None:
    """They talked one after the other."""
    answered = [records[caller].legs[-1]["answered_at"] for caller in order]
    assert answered == sorted(answered)
