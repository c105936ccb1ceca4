"""The rules of admission, one by one and in their order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.calls.admission import Admit, BalanceWithCredit, Refuse, Rule, admit
from hotline.calls.facts import (
    Account,
    BlockedArea,
    Facts,
    HotlineSettings,
    OpeningHours,
    Screening,
    ScreeningAction,
    ScreeningEntry,
)
from hotline.kit.numbers import PhoneNumber, parse_number

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # 12:00 in China, a Monday
CALLER = parse_number("13812345678")
BEIJING = parse_number("010-62345678")


def facts(taken: int = 0, account: Account | None = None, **settings: object) -> Facts:
    base = HotlineSettings(
        hotline_id=uuid4(), enterprise_id=uuid4(), number="4006001234", version=1
    )
    return Facts(
        replace(base, **settings),  # type: ignore[arg-type]
        account or Account(True, Decimal(10), Decimal(0)),
        taken,
        ("carrier",),
    )


def rule_of(given_facts: Facts | None, caller: PhoneNumber = CALLER) -> Rule | None:
    decision = admit(given_facts, caller, NOON, BalanceWithCredit())
    return decision.rule if isinstance(decision, Refuse) else None


def entry(pattern: str, **more: object) -> ScreeningEntry:
    values = {"is_prefix": False, "action": ScreeningAction.REJECT, "until": None, **more}
    return ScreeningEntry(pattern, **values)  # type: ignore[arg-type]


CLOSED = OpeningHours({"1": [["00:00", "09:00"]]}, {}, "Asia/Shanghai")
POOR = Account(True, Decimal("-5"), Decimal(5))
SUSPENDED = Account(False, Decimal(100), Decimal(0))
BLOCKED = Screening.of([entry("13812345678")])
AREA = (BlockedArea(CALLER.area_code or "", None),)


def test_nothing_against_it() -> None:
    assert isinstance(admit(facts(), CALLER, NOON, BalanceWithCredit()), Admit)


@pytest.mark.parametrize(
    ("rule", "given_facts"),
    [
        (Rule.NUMBER_UNKNOWN, None),
        (Rule.NOT_IN_SERVICE, facts(active=False)),
        (Rule.ENTERPRISE_SUSPENDED, facts(account=SUSPENDED)),
        (Rule.NO_FUNDS, facts(account=POOR)),
        (Rule.BLACKLIST, facts(screening=BLOCKED)),
        (Rule.BLOCKED_AREA, facts(blocked_areas=AREA)),
        (Rule.CONCURRENT_LIMIT, facts(3, concurrent_limit=3)),
        (Rule.CLOSED, facts(hours=CLOSED)),
    ],
)
def test_each_rule_alone(rule: Rule, given_facts: Facts | None) -> None:
    assert rule_of(given_facts) is rule


_BREACHES: list[tuple[Rule, dict[str, object]]] = [
    (Rule.NOT_IN_SERVICE, {"active": False}),
    (Rule.ENTERPRISE_SUSPENDED, {"account": SUSPENDED}),
    (Rule.BLACKLIST, {"screening": BLOCKED}),
    (Rule.BLOCKED_AREA, {"blocked_areas": AREA}),
    (Rule.CONCURRENT_LIMIT, {"taken": 3, "concurrent_limit": 3}),
    (Rule.CLOSED, {"hours": CLOSED}),
]


@given(st.sets(st.sampled_from(range(len(_BREACHES))), min_size=1))
def test_the_first_rule_in_order_decides(breached: set[int]) -> None:
    settings: dict[str, object] = {}
    for place in breached:
        settings |= _BREACHES[place][1]
    assert rule_of(facts(**settings)) is _BREACHES[min(breached)][0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("balance", "credit", "refused"),
    [("0.0001", "0", False), ("0", "0", True), ("-4.99", "5", False), ("-5", "5", True)],
)
def test_money_left_is_balance_plus_credit(balance: str, credit: str, refused: bool) -> None:
    account = Account(True, Decimal(balance), Decimal(credit))
    assert (rule_of(facts(account=account)) is Rule.NO_FUNDS) is refused


@pytest.mark.parametrize(
    ("entries", "rule"),
    [
        ([entry("138", is_prefix=True)], Rule.BLACKLIST),
        ([entry("138")], None),
        ([entry("13812345678", until=NOON)], None),
        ([entry("13812345678", until=NOON + timedelta(seconds=1))], Rule.BLACKLIST),
        (
            [entry("1381234", is_prefix=True, action=ScreeningAction.VOICEMAIL_NOTICE)],
            Rule.BLACKLIST_VOICEMAIL,
        ),
        # The closer match decides …
        (
            [
                entry("1", is_prefix=True),
                entry("13812", is_prefix=True, action=ScreeningAction.VOICEMAIL_NOTICE),
            ],
            Rule.BLACKLIST_VOICEMAIL,
        ),
        (
            [
                entry("13812345678"),
                entry("13812345678", is_prefix=True, action=ScreeningAction.VOICEMAIL_NOTICE),
            ],
            Rule.BLACKLIST,
        ),
        # … unless it has run out; the hotline's own entry before the enterprise's.
        (
            [
                entry("138", is_prefix=True),
                entry("13812", is_prefix=True, until=NOON, action=ScreeningAction.VOICEMAIL_NOTICE),
            ],
            Rule.BLACKLIST,
        ),
        (
            [
                entry("138", is_prefix=True),
                entry("138", is_prefix=True, own=True, action=ScreeningAction.VOICEMAIL_NOTICE),
            ],
            Rule.BLACKLIST_VOICEMAIL,
        ),
    ],
)
def test_blacklist(entries: list[ScreeningEntry], rule: Rule | None) -> None:
    assert rule_of(facts(screening=Screening.of(entries))) is rule


@pytest.mark.parametrize(
    ("caller", "area", "office", "blocked"),
    [
        (BEIJING, "010", None, True),
        (BEIJING, "010", "623", True),
        (BEIJING, "010", "624", False),
        (BEIJING, "021", None, False),
        (parse_number("+861062345678"), "010", "62", True),
        (parse_number("62345678"), "010", None, False),
        (CALLER, CALLER.area_code, None, True),
        (CALLER, CALLER.area_code, "8", False),
        (parse_number("anonymous"), "010", None, False),
        (parse_number("+12125551234"), "010", None, False),
    ],
)
def test_blocked_areas(caller: PhoneNumber, area: str, office: str | None, blocked: bool) -> None:
    given_facts = facts(blocked_areas=(BlockedArea(area, office),))
    assert (rule_of(given_facts, caller) is Rule.BLOCKED_AREA) is blocked
