"""What nodes decide, and what is wrong with flows, by table."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hotline.calls.facts import OpeningHours
from hotline.flows.base import Reference, Refers
from hotline.flows.checks import Surroundings, host_allowed, problems_of, results_of
from hotline.flows.circles import depth_of, results_at_once
from hotline.flows.deciding import ConditionNode, RegionRule, ScheduleNode, Share
from hotline.flows.graph import NODE_TYPES, Flow
from hotline.flows.holidays import DayKind, day_kind
from hotline.flows.rules import (
    at_path,
    condition_exit,
    fill,
    fill_all,
    region_exit,
    schedule_exit,
    split_exit,
)
from hotline.flows.spoken import PIECES, spoken
from hotline.kit.numbers import parse_number

CHINA = ZoneInfo("Asia/Shanghai")
A, B = UUID(int=1), UUID(int=2)
SUB: dict[str, Any] = {"id": "s", "kind": "subflow"}
OFFICE = {str(day): [["09:00", "18:00"]] for day in range(1, 6)}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-10-01", DayKind.HOLIDAY),
        ("2026-10-10", DayKind.MAKE_UP_WORKDAY),
        ("2026-10-11", DayKind.ORDINARY),
        ("2026-10-12", DayKind.ORDINARY),
        ("2090-10-01", DayKind.ORDINARY),
    ],
)
def test_the_calendar(day: str, kind: DayKind) -> None:
    assert day_kind(date.fromisoformat(day)) is kind


@pytest.mark.parametrize(
    ("when", "calendar", "exit_"),
    [
        ("2026-10-12 10:00", "none", "peak"),
        ("2026-10-12 20:00", "none", "otherwise"),
        ("2026-10-01 10:00", "none", "peak"),
        ("2026-10-01 10:00", "china", "holiday"),
        ("2026-10-10 10:00", "none", "otherwise"),
        ("2026-10-10 10:00", "china", "peak"),
        ("2026-10-10 19:00", "china", "otherwise"),
        ("2026-10-02 10:00", "china", "duty"),
    ],
)
def test_periods(when: str, calendar: str, exit_: str) -> None:
    duty = {"exit": "duty", "weekly": {}, "special_days": {"2026-10-02": [["09:00", "12:00"]]}}
    node = ScheduleNode.model_validate(
        {"id": "s", "calendar": calendar, "periods": [{"exit": "peak", "weekly": OFFICE}, duty]}
    )
    assert schedule_exit(node, None, at(when)) == exit_


@pytest.mark.parametrize(
    ("when", "exit_"),
    [
        ("2090-01-02 10:00", "holiday"),
        ("2090-01-07 10:00", "peak"),
        ("2090-01-08 10:00", "otherwise"),
    ],
)
def test_days_that_the_calendar_does_not_know_yet(when: str, exit_: str) -> None:
    """2090-01-02 is a Monday, the 7th a Saturday."""
    given = {
        "id": "s",
        "calendar": "china",
        "periods": [{"exit": "peak", "weekly": OFFICE}],
        "holidays": ["2090-01-02"],
        "workdays": ["2090-01-07"],
    }
    assert schedule_exit(ScheduleNode.model_validate(given), None, at(when)) == exit_
    for wrong in ({"calendar": "none"}, {"workdays": ["2090-01-02"]}):
        with pytest.raises(ValidationError):
            ScheduleNode.model_validate({**given, **wrong})


@pytest.mark.parametrize(
    ("zone", "exit_"), [("Asia/Shanghai", "peak"), ("America/New_York", "otherwise")]
)
def test_periods_of_another_time_zone(zone: str, exit_: str) -> None:
    periods = [{"exit": "peak", "weekly": OFFICE}]
    node = ScheduleNode.model_validate({"id": "s", "time_zone": zone, "periods": periods})
    assert schedule_exit(node, None, at("2026-10-12 10:00")) == exit_


def test_kept_hours() -> None:
    node = ScheduleNode(id="s", schedule=A)
    hours = OpeningHours(OFFICE, {}, "Asia/Shanghai")
    assert schedule_exit(node, hours, at("2026-10-12 10:00")) == "open"
    assert schedule_exit(node, hours, at("2026-10-12 20:00")) == "closed"
    assert schedule_exit(node, None, at("2026-10-12 20:00")) == "open"


@pytest.mark.parametrize(
    ("caller", "exit_"),
    [
        ("01062345678", "north"),
        ("075526712345", "shenzhen"),
        ("02062345678", "south"),
        ("02162345678", "east"),
        ("anonymous", "otherwise"),
        ("+12125551234", "otherwise"),
    ],
)
def test_regions(caller: str, exit_: str) -> None:
    rules = (
        RegionRule(exit="north", provinces=("北京", "天津")),
        RegionRule(exit="shenzhen", cities=(("广东", "深圳"),)),
        RegionRule(exit="south", provinces=("广东",)),
        RegionRule(exit="east", area_codes=("021",)),
    )
    assert region_exit(rules, parse_number(caller)) == exit_


@given(st.floats(0, 1, exclude_max=True))
def test_a_split_takes_each_as_often_as_it_says(lot: float) -> None:
    shares = (Share(exit="a", percent=30), Share(exit="b", percent=70))
    assert split_exit(shares, lot) == ("a" if lot * 100 < 30 else "b")


@pytest.mark.parametrize(
    ("is_", "value", "exit_"),
    [
        ("equal", "5.0", "true"),
        ("equal", "6", "false"),
        ("different", "6", "true"),
        ("less", "10", "true"),
        ("greater", "{limit}", "true"),
        ("contains", "5", "true"),
        ("starts_with", "6", "false"),
        ("filled", "", "true"),
        ("empty", "", "false"),
    ],
)
def test_conditions(is_: str, value: str, exit_: str) -> None:
    test = {"variable": "count", "is": is_, "value": value}
    node = ConditionNode.model_validate({"id": "c", "tests": [test]})
    assert condition_exit(node, {"count": "5", "limit": "4"}) == exit_


def test_templates_and_answers() -> None:
    values = {"caller": "138&x=1", "n": "2"}
    assert fill("{caller}/{nothing}", values) == "138&x=1/"
    assert fill("?c={caller}", values, for_address=True) == "?c=138%26x%3D1"
    assert fill_all({"a": ["{n}", 3, None]}, values) == {"a": ["2", 3, None]}
    answer = {"data": {"items": [{"name": "王"}], "vip": True, "score": 1.5}}
    assert at_path(answer, "data.items.0.name") == "王"
    assert at_path(answer, "data.vip") == "true"
    assert at_path(answer, "data.score") == "1.5"
    for missing in ("data.items.7.name", "data.items", "nothing.at.all", "data.vip.x"):
        assert at_path(answer, missing) is None


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("number", "105", "一百零五"),
        ("number", "-2.5", "负二点五"),
        ("amount", "12.50", "十二元五角"),
        ("digits", "13800", "幺三八零零"),
        ("date", "2026-10-01", "二零二六年十月一日"),
        ("time", "14:05", "下午两点零五分"),
        ("time", "09:00", "上午九点整"),
        ("time", "", "上午八点三十分"),
        ("number", "abc", None),
        ("date", "2026-13-01", None),
        ("amount", "1.234", None),
    ],
)
def test_values_are_spoken(kind: Any, value: str, words: str | None) -> None:
    said = spoken(kind, value, at("2026-10-12 08:30"))
    assert (None if said is None else "".join(said)) == words
    assert set(said or ()) <= set(PIECES)


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("api.example.com", True),
        ("API.example.com".lower(), True),
        ("a.b.example.org", True),
        ("example.org", False),
        ("evil-example.org", False),
        ("api.example.com.evil.test", False),
        ("127.0.0.1:8080", True),
        ("127.0.0.1:8081", False),
    ],
)
def test_allowed_hosts(host: str, *, allowed: bool) -> None:
    assert host_allowed(host, ["api.example.com", ".example.org", "127.0.0.1:8080"]) is allowed


END = {"id": "end", "kind": "hangup"}
PLAY = {"kind": "play", "sounds": []}


def codes(*nodes: dict[str, Any], start: str = "", **around: Any) -> set[tuple[str, str]]:
    flow = Flow.model_validate({"start": start or nodes[0]["id"], "nodes": nodes})
    surroundings = {"known": (), "walked": {*NODE_TYPES} - {"fax"}, "results": {}, **around}
    problems = problems_of(flow, Surroundings(**surroundings))
    assert all(one.words.en and one.words.zh for one in problems)
    return {(one.node, one.code) for one in problems}


def test_a_good_flow_has_no_problems() -> None:
    menu = {
        "id": "m",
        "kind": "menu",
        "sounds": [],
        "keys": ["1"],
        "exits": {"1": "end", "timeout": "m", "wrong": "m"},
    }
    assert codes(menu, END) == set()


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ([END, {**PLAY, "id": "p", "exits": {"next": "end"}}], {("p", "unreachable")}),
        ([{**PLAY, "id": "p"}], {("p", "missing-exit")}),
        ([{**PLAY, "id": "p", "exits": {"next": "gone"}}], {("p", "missing-target")}),
        (
            [{**PLAY, "id": "p", "exits": {"next": "end", "other": "end"}}, END],
            {("p", "unknown-exit")},
        ),
        (
            [
                {**PLAY, "id": "p", "exits": {"next": "q"}},
                {**PLAY, "id": "q", "exits": {"next": "p"}},
            ],
            {("p", "endless"), ("q", "endless")},
        ),
        (
            [{"id": "g", "kind": "group", "group": str(A), "exits": {"unanswered": "end"}}, END],
            {("g", "unknown-group")},
        ),
        (
            # Nobody may be free there, and then nobody is waited for.
            [{"id": "g", "kind": "group", "group": str(A), "exits": {"unanswered": "g"}}],
            {("g", "unknown-group"), ("g", "endless")},
        ),
        (
            [{"id": "f", "kind": "fax", "exits": {"unavailable": "end"}}, END],
            {("f", "not-available")},
        ),
        (
            [
                {
                    "id": "h",
                    "kind": "http",
                    "url": "http://evil.test/x",
                    "exits": {"next": "end", "failed": "end"},
                },
                END,
            ],
            {("h", "host-not-allowed")},
        ),
        (
            [
                {
                    "id": "r",
                    "kind": "region",
                    "rules": [{"exit": "a", "provinces": ["北平"]}, {"exit": "a"}],
                    "exits": {"a": "end", "otherwise": "end"},
                },
                END,
            ],
            {("r", "unknown-place"), ("r", "no-place")},
        ),
        (
            [
                {
                    "id": "x",
                    "kind": "extension",
                    "extension": "8009",
                    "exits": {"unanswered": "end", "unknown": "end"},
                },
                END,
            ],
            {("x", "unknown-extension")},
        ),
    ],
)
def test_problems(nodes: list[dict[str, Any]], expected: set[tuple[str, str]]) -> None:
    assert codes(*nodes) == expected


DOOR = {"id": "d", "kind": "password", "code_list": str(A), "sounds": []}
WAIT = {"id": "q", "kind": "queue", "queue": str(A)}
PERSON = {"id": "x", "kind": "extension"}
LEFT = {"unanswered": "end", "unknown": "end"}


@pytest.mark.parametrize(
    ("node", "exits", "round"),
    [
        (DOOR, {"accepted": "end", "wrong": "d", "timeout": "d", "locked": "end"}, False),
        (DOOR, {"accepted": "end", "wrong": "end", "timeout": "end", "locked": "d"}, True),
        (WAIT, {"timeout": "q", "unavailable": "end", "leave": "q"}, False),
        (WAIT, {"timeout": "end", "unavailable": "end", "nobody": "q"}, True),
        (PERSON, {**LEFT, "answered": "x"}, False),
        (PERSON, {**LEFT, "unknown": "x"}, True),
        ({**PERSON, "by": "name"}, {**LEFT, "unknown": "x"}, False),
        ({"id": "c", "kind": "caller_list", "caller_list": str(A)}, {"answered": "c"}, False),
        ({"id": "c", "kind": "caller_list", "caller_list": str(A)}, {"listed": "c"}, True),
        ({"id": "v", "kind": "voicemail", "box": str(A)}, {"empty": "v"}, False),
        ({"id": "s", "kind": "survey", "survey": str(A)}, {"unanswered": "s"}, True),
    ],
)
def test_a_circle_is_endless_where_nobody_is_waited_for(
    node: dict[str, Any], exits: dict[str, str], round: bool
) -> None:
    found = codes({**node, "exits": exits}, END)
    assert ((node["id"], "endless") in found) is round


@pytest.mark.parametrize(
    ("by", "expected"),
    [("1", frozenset()), ("timeout", frozenset()), ("start", frozenset({"next"}))],
)
def test_a_flow_inside_waits_or_does_not(by: str, expected: frozenset[str]) -> None:
    """A circle through a flow that asks for a key is none, one through a flow that does not is."""
    ways = {"1": "r", "timeout": "r", "wrong": "r"}
    menu = {"id": "m", "kind": "menu", "sounds": [], "keys": ["1"], "exits": ways}
    returns = {"id": "r", "kind": "return"}
    inner = Flow.model_validate({"start": "r" if by == "start" else "m", "nodes": [menu, returns]})
    deeper = Flow.model_validate(
        {"start": "s", "nodes": [{**SUB, "flow": str(A), "exits": {"next": "r"}}, returns]}
    )
    for key in (A, B):
        assert results_at_once(key, {A: inner, B: deeper}) == expected
    node = {**SUB, "flow": str(A), "exits": {"next": "s"}}
    around = {"known": {Reference(Refers.FLOW, A)}, "at_once": {A: expected}}
    assert (("s", "endless") in codes(node, **around)) is bool(expected)


def test_a_start_that_is_not_there() -> None:
    assert ("", "no-start") in codes(END, start="nowhere")


def test_flows_inside_flows() -> None:
    inner = Flow.model_validate(
        {"start": "r", "nodes": [{"id": "r", "kind": "return", "result": "vip"}]}
    )
    node = {"id": "s", "kind": "subflow", "flow": str(A), "exits": {"next": "end"}}
    known = {Reference(Refers.FLOW, A)}
    assert codes(node, END, known=known, results={A: results_of(inner)}) == {
        ("s", "unknown-result")
    }
    assert codes(node, END, known=known, circles={A}) == {("s", "circle")}
    assert codes(node, END, known=known, too_deep={A}) == {("s", "too-deep")}


def test_how_deep_flows_are() -> None:
    ids = [UUID(int=number) for number in range(1, 11)]
    leads = [
        Flow.model_validate({"start": "s", "nodes": [{**SUB, "flow": str(to)}]}) for to in ids[1:]
    ]
    last = Flow.model_validate({"start": "r", "nodes": [{"id": "r", "kind": "return"}]})
    published = dict(zip(ids, [*leads, last], strict=True))
    assert [depth_of(key, published) for key in ids] == list(range(10, 0, -1))
    wide = [
        Flow.model_validate(
            {
                "start": "s0",
                "nodes": [{**SUB, "id": f"s{n}", "flow": str(to)} for n in range(50)],
            }
        )
        for to in ids[1:]
    ]
    everywhere = dict(zip(ids, [*wide, last], strict=True))
    assert depth_of(ids[0], everywhere) == 10
    assert results_at_once(ids[0], everywhere) == frozenset()
    round_again = {A: leads[0], B: Flow(start="s", nodes=(leads[0].nodes[0],))}
    assert depth_of(A, round_again) == 3
