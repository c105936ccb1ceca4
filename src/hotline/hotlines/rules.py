"""Which numbers a hotline has and forwards to, and when a destination must be looked at again."""

from __future__ import annotations

import re
from enum import StrEnum

from hotline.kit.errors import Words

_SEPARATORS = re.compile(r"[\s\-()（）－—]")
_OUR_COUNTRY = re.compile(r"(?:\+|00)?86(?=1[3-9][0-9]{9}$|0?[1-9][0-9]{8,11}$|[48]00[0-9]{7}$)")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0(?:10[2-9][0-9]{7}|2[0-9][2-9][0-9]{6,7}|[3-9][0-9]{2}[2-9][0-9]{6,7})")
_NATIONAL_SERVICE = re.compile(r"[48]00[0-9]{7}")
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
    digits = _national(entered)
    if _NATIONAL_SERVICE.fullmatch(digits) or _ACCESS_CODE.fullmatch(digits):
        raise NumberRefusedError(
            Words("a hotline cannot forward to another hotline", "不能呼转到 400、800 或 95 号码")
        )
    if digits.startswith("00") or (entered.strip().startswith("+") and not digits.isdecimal()):
        raise NumberRefusedError(
            Words("numbers abroad cannot be destinations", "接听号码不支持境外号码")
        )
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits
    raise NumberRefusedError(
        Words(
            "is neither a mobile number nor a landline with its area code (010-12345678)",
            "不是手机号，也不是带区号的固定电话（如 010-12345678）",
        )
    )


def hotline_number(entered: str) -> str:
    """``entered`` as digits: a 400, 800 or 95 number, or a landline. Raises NumberRefusedError."""
    digits = _national(entered)
    for form in (_NATIONAL_SERVICE, _ACCESS_CODE, _LANDLINE):
        if form.fullmatch(digits):
            return digits
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


def _national(entered: str) -> str:
    digits = _SEPARATORS.sub("", entered)
    stripped = _OUR_COUNTRY.sub("", digits)
    if stripped != digits and not _MOBILE.fullmatch(stripped) and stripped[0] not in "048":
        return "0" + stripped
    return stripped
