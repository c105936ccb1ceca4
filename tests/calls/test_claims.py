"""Lines and destinations taken in the database, by several nodes at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from random import Random
from uuid import UUID

import psycopg
import pytest

from hotline.calls.events import Arrived
from hotline.calls.forwarding import Load, pick, preference, turns_after
from hotline.calls.repository import Begun, CallRepository
from hotline.kit.ids import new_id
from hotline.kit.virtual_clock import DEFAULT_START, VirtualClock
from tests.calls.company import NUMBER, Company
from tests.calls.conftest import Nodes


def arrival(company: Company, node: str = "node1") -> Arrived:
    return Arrived(
        at=DEFAULT_START,
        channel_id="c",
        node=node,
        trunk="carrier",
        dialled=NUMBER,
        caller="",
        caller_raw="",
        enterprise_id=company.id,
        hotline_id=company.hotline_id,
    )


async def begin(repository: CallRepository, company: Company, node: str = "node1") -> Begun:
    facts = await repository.facts([NUMBER])
    assert facts is not None
    wanted = preference(facts.settings.group, (), Random(1))
    return await repository.begin(
        new_id(), arrival(company, node), facts, facts.settings.group, wanted
    )


async def turns(company: Company) -> dict[UUID, int]:
    rows = await company.sql("select destination_id, turns from forwarding_members")
    return {row["destination_id"]: row["turns"] for row in rows}


async def test_nodes_share_a_rotation_evenly_and_keep_caps(nodes: Nodes, company: Company) -> None:
    await company.strategy("sequential")
    for place in range(3):
        await company.destination(f"1390000000{place}", concurrent_cap=8)
    repositories = [nodes.parts(node=f"node{n}").repository for n in (1, 2)]
    begun = await asyncio.gather(
        *(begin(repositories[n % 2], company, f"node{n % 2 + 1}") for n in range(40))
    )
    taken = Counter(one.destination.number for one in begun if one.destination)
    assert set(taken.values()) == {8}
    assert len(taken) == 3
    claims = await company.sql(
        "select destination_id, count(*) as n from destination_claims group by 1"
    )
    assert [row["n"] for row in claims] == [8, 8, 8]


async def test_lines_are_never_oversold(nodes: Nodes, company: Company) -> None:
    await company.destination("13900000001")
    await company.set(concurrent_limit=5)
    repositories = [nodes.parts(node=f"node{n}").repository for n in (1, 2)]
    begun = await asyncio.gather(*(begin(repositories[n % 2], company) for n in range(20)))
    assert sum(one.opened for one in begun) == 5


@pytest.mark.parametrize("seed", range(4))
async def test_the_database_picks_by_the_same_rule(
    nodes: Nodes, company: Company, seed: int
) -> None:
    random = Random(seed)
    strategy = random.choice(["sequential", "priority", "random"])
    await company.strategy(strategy)
    for place in range(4):
        await company.destination(
            f"1390000000{place}",
            status=random.choice(["approved", "approved", "pending"]),
            concurrent_cap=random.choice([None, 1, 3]),
        )
    repository = nodes.parts().repository
    for _ in range(25):
        facts = await repository.facts([NUMBER])
        assert facts is not None
        group = facts.settings.group
        assert group is not None
        claims = await company.sql(
            "select destination_id as d, count(*) as n from destination_claims group by 1"
        )
        loads = {row["d"]: Load(talking=row["n"]) for row in claims}
        wanted = preference(group, (), random)
        before = await turns(company)
        expected = pick(wanted, loads, before)
        call_id = new_id()
        chosen = await repository.claim(call_id, "node1", group, wanted, DEFAULT_START)
        assert chosen == expected
        if chosen is not None and strategy == "sequential":
            assert await turns(company) == turns_after(chosen.id, before)
        if random.random() < 0.5:
            await company.sql("delete from destination_claims where call_id = :c", c=call_id)


async def test_who_joins_a_rotation_starts_level(nodes: Nodes, company: Company) -> None:
    await company.strategy("sequential")
    await company.destination("13900000001")
    await company.destination("13900000002")
    repository = nodes.parts().repository
    for _ in range(10):
        await begin(repository, company)
    await company.destination("13900000003")
    assert sorted((await turns(company)).values()) == [5, 5, 5]
    begun = [await begin(repository, company) for _ in range(6)]
    taken = Counter(one.destination.number for one in begun if one.destination)
    assert set(taken.values()) == {2}


async def test_claiming_again_lets_go_of_the_one_before(nodes: Nodes, company: Company) -> None:
    await company.destination("13900000001")
    await company.destination("13900000002")
    repository = nodes.parts().repository
    facts = await repository.facts([NUMBER])
    assert facts is not None
    group, call_id = facts.settings.group, new_id()
    first = await repository.claim(
        call_id, "n", group, preference(group, (), Random(1)), DEFAULT_START
    )
    assert first is not None
    await repository.claim(
        call_id, "n", group, preference(group, {first.id}, Random(1)), DEFAULT_START
    )
    [claim] = await company.sql("select destination_id from destination_claims")
    assert claim["destination_id"] == company.destinations["13900000002"]


async def test_every_change_of_settings_is_seen_and_turns_are_none(
    nodes: Nodes, company: Company, clock: VirtualClock
) -> None:
    repository = nodes.parts().repository

    async def version() -> int:
        facts = await repository.facts([NUMBER])
        assert facts is not None
        return facts.settings.version

    seen = [await version()]
    first = await company.destination("13900000001")
    seen.append(await version())
    for change in (
        "update destinations set label = 'x'",
        "update forwarding_members set position = 7",
        "update hotlines set whisper = true",
        "update forwarding_groups set name = 'y'",
    ):
        await company.sql(change)
        seen.append(await version())
    await company.block("139")
    seen.append(await version())
    await company.sql("delete from screening_entries")
    seen.append(await version())
    assert seen == sorted(set(seen))
    await company.sql("update forwarding_members set turns = 5")
    assert await version() == seen[-1]
    assert first in company.destinations.values()


@pytest.mark.parametrize(
    "change",
    [
        "update hotlines set whisper = true",
        "update destinations set status = 'disabled'",
        "update enterprises set status = 'suspended'",
        "update enterprises set balance = -1",
        "update enterprises set credit_limit = 5",
        "update carriers set enabled = false",
        "insert into carriers (id, name, kind, host) select gen_random_uuid(), 'more', kind, host"
        " from carriers",
    ],
)
@pytest.mark.parametrize("cap", [5, None])
async def test_what_is_remembered_counts_only_while_it_is_so(
    nodes: Nodes, company: Company, change: str, cap: int | None
) -> None:
    await company.destination("13900000001", concurrent_cap=cap)
    repository = nodes.parts().repository
    await repository.facts([NUMBER])
    facts = repository.last_facts([NUMBER])
    assert facts is not None
    wanted = preference(facts.settings.group, (), Random(1))

    async def presume() -> Begun:
        return await repository.begin(
            new_id(), arrival(company), facts, facts.settings.group, wanted, presumed=True
        )

    begun = await presume()
    assert begun.opened
    assert begun.destination is not None
    await company.sql(change)
    assert await presume() == Begun(opened=False, destination=None)
    assert len(await company.sql("select from calls")) == 1
    assert len(await company.sql("select from destination_claims")) == 1


@pytest.mark.parametrize(
    ("strategy", "caps", "certain"),
    [
        ("priority", {}, True),
        ("random", {}, True),
        ("sequential", {}, False),
        ("priority", {"concurrent_cap": 2}, False),
        ("priority", {"monthly_cap_minutes": 100}, False),
    ],
)
async def test_who_is_certain_is_claimed_as_any_other(
    nodes: Nodes, company: Company, strategy: str, caps: dict[str, int], certain: bool
) -> None:
    await company.strategy(strategy)
    for place in range(2):
        await company.destination(f"1390000000{place}", **caps)
    repository = nodes.parts().repository
    await repository.facts([NUMBER])
    facts = repository.last_facts([NUMBER])
    assert facts is not None
    taken: Counter[str] = Counter()
    for seed in range(4):
        wanted = preference(facts.settings.group, (), Random(seed))
        assert (wanted.certain is not None) is certain
        begun = await repository.begin(
            new_id(), arrival(company), facts, facts.settings.group, wanted, presumed=True
        )
        assert begun.destination is not None
        if certain:
            assert begun.destination == wanted.candidates[0]
        taken[begun.destination.number] += 1
    claims = await company.sql(
        "select d.number, count(*) as n from destination_claims c"
        " join destinations d on d.id = c.destination_id group by 1"
    )
    assert {row["number"]: row["n"] for row in claims} == taken
    if "concurrent_cap" in caps or strategy == "sequential":
        assert set(taken.values()) == {2}


async def test_of_calls_that_begin_together_one_that_is_refused_harms_no_other(
    nodes: Nodes, company: Company
) -> None:
    await company.destination("13900000001")
    repository = nodes.parts().repository
    await repository.facts([NUMBER])
    facts = repository.last_facts([NUMBER])
    assert facts is not None
    wanted = preference(facts.settings.group, (), Random(1))
    good = arrival(company)
    ids = [new_id() for _ in range(3)]
    begun = await asyncio.gather(
        *(
            repository.begin(id_, came, facts, facts.settings.group, wanted, presumed=True)
            for id_, came in zip(ids, (good, replace(good, caller="\x00"), good), strict=True)
        ),
        return_exceptions=True,
    )
    refused = begun.pop(1)
    assert isinstance(refused, psycopg.Error)
    assert begun == [Begun(opened=True, destination=wanted.candidates[0])] * 2
    rows = await company.sql("select id from calls c join destination_claims d on d.call_id = c.id")
    assert {row["id"] for row in rows} == {ids[0], ids[2]}
