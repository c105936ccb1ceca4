"""Whom a call is forwarded to."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.calls.facts import Destination, ForwardingGroup, Strategy
from hotline.calls.forwarding import (
    Load,
    pick,
    preference,
    trunk_failed,
    trunks_in_order,
    turns_after,
)
from hotline.telephony.port import Attempt, LegResult, PhoneTarget

destinations = st.builds(
    Destination,
    id=st.uuids(),
    number=st.just("13900000000"),
    approved=st.booleans(),
    ring_timeout=st.just(20),
    concurrent_cap=st.none() | st.integers(1, 3),
    monthly_cap_minutes=st.none() | st.integers(1, 3),
)
groups = st.builds(
    ForwardingGroup,
    id=st.uuids(),
    strategy=st.sampled_from(Strategy),
    members=st.lists(destinations, max_size=6, unique_by=lambda d: d.id).map(tuple),
)
loads = st.builds(Load, talking=st.integers(0, 4), month_seconds=st.integers(0, 240))


@given(groups, st.randoms(use_true_random=False), st.data())
def test_only_approved_untried_members_below_their_caps(
    group: ForwardingGroup, random: Random, data: st.DataObject
) -> None:
    ids = [member.id for member in group.members]
    tried = data.draw(st.sets(st.sampled_from(ids)) if ids else st.just(set()))
    load = {key: data.draw(loads) for key in ids}
    wanted = preference(group, tried, random)
    assert all(d.approved and d.id not in tried for d in wanted.candidates)
    chosen = pick(wanted, load, {})
    if chosen is None:
        return
    assert chosen.concurrent_cap is None or load[chosen.id].talking < chosen.concurrent_cap
    minutes = chosen.monthly_cap_minutes
    assert minutes is None or load[chosen.id].month_seconds < minutes * 60


@given(groups, st.randoms(use_true_random=False))
def test_every_eligible_member_is_tried_once(group: ForwardingGroup, random: Random) -> None:
    tried: list[UUID] = []
    while (chosen := pick(preference(group, tried, random), {}, {})) is not None:
        tried.append(chosen.id)
    assert sorted(tried) == sorted(m.id for m in group.members if m.approved)


def members(count: int) -> tuple[Destination, ...]:
    return tuple(Destination(UUID(int=n), f"1390000000{n}", True, 20) for n in range(count))


def test_priority_keeps_the_list_order() -> None:
    group = ForwardingGroup(UUID(int=9), Strategy.PRIORITY, members(3))
    assert preference(group, {UUID(int=0)}, Random(1)).candidates == group.members[1:]


def test_random_gives_everybody_about_the_same() -> None:
    group = ForwardingGroup(UUID(int=9), Strategy.RANDOM, members(4))
    random = Random(7)
    firsts = Counter(preference(group, (), random).candidates[0].id for _ in range(4000))
    assert all(850 < count < 1150 for count in firsts.values())


@given(st.integers(1, 6), st.lists(st.sets(st.integers(0, 5)), min_size=1, max_size=80))
def test_rotation_shares_evenly_and_never_bursts(count: int, busy_sets: list[set[int]]) -> None:
    """Whoever is busy for long comes back level: nobody gets two calls while another waits."""
    group = ForwardingGroup(UUID(int=9), Strategy.SEQUENTIAL, members(count))
    turns: dict[UUID, int] = {member.id: 0 for member in group.members}
    got: list[UUID] = []
    for busy in busy_sets:
        free = [m for m in group.members if m.id.int not in busy]
        wanted = preference(ForwardingGroup(group.id, group.strategy, tuple(free)), (), Random(1))
        chosen = pick(wanted, {}, turns)
        if chosen is None:
            continue
        turns = turns_after(chosen.id, turns)
        got.append(chosen.id)
        assert max(turns.values()) - min(turns[m.id] for m in free) <= 1
    if not any(busy_sets):
        shares = [got.count(member.id) for member in group.members]
        assert max(shares) - min(shares) <= 1


def attempt(result: LegResult, code: int | None, *, rang: bool = False) -> Attempt:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Attempt(
        "leg", PhoneTarget("1", "t"), result, code, None, at, at if rang else None, None, at
    )


@pytest.mark.parametrize(
    ("tried", "another"),
    [
        (attempt(LegResult.UNREACHABLE, 503), True),
        (attempt(LegResult.UNREACHABLE, None), True),
        (attempt(LegResult.NO_ANSWER, 408), True),
        (attempt(LegResult.REJECTED, 401), True),
        (attempt(LegResult.REJECTED, 603), False),
        (attempt(LegResult.CANCELLED, None), False),
        (attempt(LegResult.UNREACHABLE, 503, rang=True), False),
        (attempt(LegResult.UNREACHABLE, 404), False),
        (attempt(LegResult.UNREACHABLE, 480), False),
        (attempt(LegResult.BUSY, 486), False),
        (attempt(LegResult.NO_ANSWER, None, rang=True), False),
        (attempt(LegResult.NO_ANSWER, None), True),
    ],
)
def test_another_carrier_is_worth_trying(tried: Attempt, another: bool) -> None:
    assert trunk_failed(tried) is another


def test_carriers_that_are_down_come_last() -> None:
    assert trunks_in_order(["a", "b", "c"], {"a": False, "b": True}) == ("b", "c", "a")
