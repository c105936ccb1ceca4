"""Events and the records computed from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.calls.events import (
    Arrived,
    Connected,
    Dialling,
    Ended,
    Event,
    Exhausted,
    Failed,
    LegEnded,
    Refused,
    Ringing,
)
from hotline.calls.record import Outcome, record_of
from hotline.calls.stored_events import data_of, event_of
from hotline.telephony.port import LegResult, Party

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HOTLINE = UUID(int=4)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


ARRIVED = Arrived(
    at=START,
    channel_id="c",
    node="n",
    trunk="t",
    dialled="4006001234",
    caller="13812345678",
    caller_raw="+8613812345678",
    enterprise_id=UUID(int=3),
    hotline_id=HOTLINE,
)


def dialling(leg: int, second: float) -> Dialling:
    return Dialling(at=at(second), leg=leg, destination_id=None, target="139", trunk="t")


def leg_ended(leg: int, second: float, result: LegResult) -> LegEnded:
    return LegEnded(at=at(second), leg=leg, result=result)


def ended(second: float, by: Party = Party.CALLER) -> Ended:
    return Ended(at=at(second), by=by, cause=16)


STORIES: list[tuple[list[Event], Outcome, str]] = [
    ([ended(3)], Outcome.ABANDONED, "greeting"),
    ([dialling(1, 2), ended(5)], Outcome.ABANDONED, "ringing"),
    ([Refused(at=at(0), rule="closed"), ended(4)], Outcome.REFUSED, "closed"),
    ([Failed(at=at(0), cause="no_controller"), ended(4)], Outcome.FAILED, "no_controller"),
    (
        [
            dialling(1, 1),
            leg_ended(1, 2, LegResult.BUSY),
            Exhausted(at=at(2), reason="busy"),
            ended(5, Party.SYSTEM),
        ],
        Outcome.UNANSWERED,
        "busy",
    ),
    ([Exhausted(at=at(2), reason="no_destination"), ended(5)], Outcome.FAILED, "no_destination"),
    ([Exhausted(at=at(2), reason="all_busy"), ended(5)], Outcome.UNANSWERED, "all_busy"),
    ([dialling(1, 1), Connected(at=at(3), leg=1), ended(9)], Outcome.ANSWERED, ""),
    ([dialling(1, 1), ended(5, Party.SYSTEM)], Outcome.FAILED, "interrupted"),
]


@pytest.mark.parametrize(("events", "outcome", "reason"), STORIES)
def test_outcomes(events: list[Event], outcome: Outcome, reason: str) -> None:
    record = record_of([ARRIVED, *events])
    assert record is not None
    assert (record.outcome, record.reason) == (outcome, reason)


@given(st.sampled_from(STORIES), st.randoms(use_true_random=False))
def test_the_order_of_appending_does_not_matter(
    story: tuple[list[Event], Outcome, str], random: object
) -> None:
    events = [ARRIVED, *story[0]]
    expected = record_of(events)
    random.shuffle(events)  # type: ignore[attr-defined]
    assert record_of(events) == expected


def test_times_of_an_answered_call() -> None:
    record = record_of(
        [
            ARRIVED,
            dialling(1, 5),
            Ringing(at=at(6), leg=1),
            leg_ended(1, 10, LegResult.NO_ANSWER),
            dialling(2, 10),
            Connected(at=at(12.5), leg=2, answered_at=at(0.2), recording="r.wav"),
            leg_ended(2, 42.6, LegResult.ANSWERED),
            ended(42.6, Party.CALLEE),
        ]
    )
    assert record is not None
    assert (record.waiting_ms, record.ringing_ms, record.talk_ms) == (12_500, 7_500, 30_100)
    assert (record.billable_seconds, record.answered_at) == (31, at(0.2))
    assert [leg.result for leg in record.legs] == [LegResult.NO_ANSWER, LegResult.ANSWERED]
    assert record.legs[0].ringing_at == at(6)


def test_without_its_arrival_there_is_no_record() -> None:
    assert record_of([ended(1)]) is None


@pytest.mark.parametrize("event", [ARRIVED, *{type(e): e for s in STORIES for e in s[0]}.values()])
def test_events_come_back_as_they_were_stored(event: Event) -> None:
    stored = orjson.loads(orjson.dumps(data_of(event)))
    assert event_of(event.type, event.at, stored) == event


def test_types_are_told_apart_and_unknown_ones_passed_over() -> None:
    kinds = get_args(Event)
    assert len({kind.type for kind in kinds}) == len(kinds)
    assert event_of("from_a_later_version", START, {}) is None
