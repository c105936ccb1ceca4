"""Values as Mandarin says them, in pieces that are each spoken once and put together."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final, Literal, TypeAlias

from hotline.speech import numerals

Kind: TypeAlias = Literal["date", "time", "digits", "number", "amount"]

PIECES: Final = (*"零幺一二两三四五六七八九十百千万亿点元角分年月日整负", "上午", "下午")
"""All there are."""
_NUMBER: Final = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,6})?")
_AMOUNT: Final = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,2})?")
_DIGITS: Final = re.compile(r"[0-9]{1,32}")


def spoken(kind: Kind, value: str, now: datetime) -> tuple[str, ...] | None:
    """The pieces that say ``value``; None where it is nothing of that kind.

    ``now`` (of the listener's time zone) is said for an empty date or time.
    """
    match kind:
        case "digits":
            return tuple(numerals.telephone_digits(value)) if _DIGITS.fullmatch(value) else None
        case "number":
            return _signed(value, numerals.decimal) if _NUMBER.fullmatch(value) else None
        case "amount":
            return _signed(value, numerals.money) if _AMOUNT.fullmatch(value) else None
        case "date":
            return _date(value, now)
        case "time":
            return _time(value, now)


def _signed(value: str, words: Callable[[str], str]) -> tuple[str, ...]:
    sign = "负" if value.startswith("-") else ""
    return tuple(sign + words(value.lstrip("-")))


def _date(value: str, now: datetime) -> tuple[str, ...] | None:
    try:
        day = date.fromisoformat(value) if value else now.date()
    except ValueError:
        return None
    year, month, of_month = numerals.digits(str(day.year)), str(day.month), str(day.day)
    return tuple(f"{year}年{numerals.integer(month)}月{numerals.integer(of_month)}日")


def _time(value: str, now: datetime) -> tuple[str, ...] | None:
    try:
        at = time.fromisoformat(value) if value else now.time()
    except ValueError:
        return None
    hour = at.hour - 12 if at.hour > 12 else at.hour
    said = numerals.count(str(hour)) + "点"
    if at.minute:
        said += ("零" if at.minute < 10 else "") + numerals.integer(str(at.minute)) + "分"
    else:
        said += "整"
    return ("上午" if at.hour < 12 else "下午", *said)
