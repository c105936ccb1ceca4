"""Whether a call may come in, decided from facts alone, in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeAlias

from hotline.calls.facts import Account, Facts, HotlineSettings, ScreeningAction
from hotline.kit.numbers import PhoneNumber
from hotline.schedules.rules import is_open


class Rule(StrEnum):
    """The rules that refuse calls, in the order in which they are asked."""

    NUMBER_UNKNOWN = "number_unknown"
    NOT_IN_SERVICE = "not_in_service"
    ENTERPRISE_SUSPENDED = "enterprise_suspended"
    NO_FUNDS = "no_funds"
    BLACKLIST = "blacklist"
    BLACKLIST_VOICEMAIL = "blacklist_voicemail_notice"
    BLOCKED_AREA = "blocked_area"
    CONCURRENT_LIMIT = "concurrent_limit"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Admit:
    """The call may go on to greeting and forwarding."""

    settings: HotlineSettings


@dataclass(frozen=True, slots=True)
class Refuse:
    """The call is refused by ``rule``; ``detail`` names the entry that matched."""

    rule: Rule
    detail: str = ""


Decision: TypeAlias = Admit | Refuse


class FundsCheck(Protocol):
    """Whether an enterprise can pay for one more call."""

    def covers(self, account: Account) -> bool: ...


class BalanceWithCredit:
    """Money is left as long as balance plus credit limit is above zero."""

    def covers(self, account: Account) -> bool:
        return account.balance + account.credit_limit > 0


def admit(facts: Facts | None, caller: PhoneNumber, now: datetime, funds: FundsCheck) -> Decision:
    """Decide about a call; ``facts`` is None where no hotline has the dialled number."""
    if facts is None:
        return Refuse(Rule.NUMBER_UNKNOWN)
    settings = facts.settings
    refusal = (
        _service(settings)
        or _standing(facts.account, funds)
        or _screened(settings, caller, now)
        or _area(settings, caller)
        or _lines(facts)
        or _hours(settings, now)
    )
    return refusal or Admit(settings)


def _service(settings: HotlineSettings) -> Refuse | None:
    return None if settings.active else Refuse(Rule.NOT_IN_SERVICE)


def _standing(account: Account, funds: FundsCheck) -> Refuse | None:
    if not account.active:
        return Refuse(Rule.ENTERPRISE_SUSPENDED)
    return None if funds.covers(account) else Refuse(Rule.NO_FUNDS)


def _screened(settings: HotlineSettings, caller: PhoneNumber, now: datetime) -> Refuse | None:
    entry = settings.screening.entry_for(caller.digits, now)
    if entry is None:
        return None
    notice = entry.action is ScreeningAction.VOICEMAIL_NOTICE
    return Refuse(Rule.BLACKLIST_VOICEMAIL if notice else Rule.BLACKLIST, entry.pattern)


def _area(settings: HotlineSettings, caller: PhoneNumber) -> Refuse | None:
    for area in settings.blocked_areas:
        if area.covers(caller):
            return Refuse(Rule.BLOCKED_AREA, area.area_code + (area.office_code or ""))
    return None


def _lines(facts: Facts) -> Refuse | None:
    limit = facts.settings.concurrent_limit
    full = limit is not None and facts.lines_taken >= limit
    return Refuse(Rule.CONCURRENT_LIMIT) if full else None


def _hours(settings: HotlineSettings, now: datetime) -> Refuse | None:
    hours = settings.hours
    if settings.flow_id is not None:  # a published flow has hours of its own
        return None
    if hours is None or is_open(hours.weekly, hours.special_days, hours.time_zone, now):
        return None
    return Refuse(Rule.CLOSED)
