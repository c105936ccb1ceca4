"""Which numbers a hotline has and forwards to, and when a destination must be looked at again."""

from __future__ import annotations

import re
from enum import StrEnum

from hotline.kit.errors import Words
from hotline.kit.numbers import NumberKind, PhoneNumber, parse_number

_ENTERED = re.compile(r"\+?[0-9 ()（）\-－—]+")
_ACCESS_CODE = re.compile(r"95[0-9]{3,6}")


class NumberRefusedError(ValueError):
    """A number that cannot be used for this; ``words`` say why to whoever entered it."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


class DestinationStatus(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    DISABLED = "disabled"
    """Approved, but its enterprise does not want it called now."""


def destination_number(entered: str) -> str:
    """``entered`` as national digits: a mobile number, or a landline with its area code.

    Short numbers (110), hotlines (400…: a call could go in circles) and numbers abroad are never
    destinations. Raises NumberRefusedError.
    """
    number = _parsed(entered)
    if number.kind is NumberKind.MOBILE:
        return number.digits
    if number.kind is NumberKind.LANDLINE and number.area_code is not None:
        return number.digits
    raise NumberRefusedError(_WHY_NOT.get(number.kind, _NEITHER))


def hotline_number(entered: str) -> str:
    """``entered`` as digits: a 400, 800 or 95 number, or a landline. Raises NumberRefusedError."""
    number = _parsed(entered)
    if number.kind is NumberKind.HOTLINE or _ACCESS_CODE.fullmatch(number.digits):
        return number.digits
    if number.kind is NumberKind.LANDLINE and number.area_code is not None:
        return number.digits
    raise NumberRefusedError(
        Words("is not a hotline number like 400-600-1234", "不是有效的热线号码，例如 400-600-1234")
    )


def status_after_change(
    status: DestinationStatus, *, number_changed: bool, enabled: bool | None
) -> DestinationStatus:
    """What an enterprise's own change makes of a destination; it never approves one.

    ``enabled`` switches an approved one off and on again; None leaves that alone.
    """
    if number_changed:
        return DestinationStatus.PENDING
    if enabled is False and status is DestinationStatus.APPROVED:
        return DestinationStatus.DISABLED
    if enabled is True and status is DestinationStatus.DISABLED:
        return DestinationStatus.APPROVED
    return status


_NEITHER = Words(
    "is neither a mobile number nor a landline with its area code (010-62345678)",
    "不是手机号，也不是带区号的固定电话（如 010-62345678）",
)
_WHY_NOT = {
    NumberKind.HOTLINE: Words(
        "a hotline cannot forward to another hotline", "不能呼转到 400 或 800 号码"
    ),
    NumberKind.SHORT: Words("a short number cannot be a destination", "短号不能作为接听号码"),
    NumberKind.INTERNATIONAL: Words(
        "numbers abroad cannot be destinations", "接听号码不支持境外号码"
    ),
}


def _parsed(entered: str) -> PhoneNumber:
    """Only what people write as a number: no SIP addresses, no words."""
    if not _ENTERED.fullmatch(entered):
        raise NumberRefusedError(Words("is not a telephone number", "不是电话号码"))
    return parse_number(entered)
