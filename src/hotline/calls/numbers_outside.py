"""Which numbers outside are called, and by whom."""

from __future__ import annotations

from typing import Final

from hotline.kit.numbers import NumberKind, PhoneNumber
from hotline.kit.short_numbers import ENQUIRIES, is_emergency

_SHORTEST: Final = 3
_LONGEST: Final = 20
_LIKE_EXTENSIONS: Final = 4
"""Digits up to which a number dialled on a device is an extension unless it is a public one."""
_OUTSIDE: Final = frozenset(
    {NumberKind.MOBILE, NumberKind.LANDLINE, NumberKind.HOTLINE, NumberKind.SHORT}
)


def may_be_called(number: str) -> bool:
    """Whether ``number``, as national digits, is one that the platform calls for somebody.

    Never an emergency number: a call placed by machine would send help to the wrong place.
    """
    return number.isdigit() and _SHORTEST <= len(number) <= _LONGEST and not is_emergency(number)


def is_outside(number: PhoneNumber) -> bool:
    """Whether what somebody dialled on a device, and is nobody's extension, is a number outside.

    Emergency numbers are: who dials them by hand is there to say where help is needed.
    """
    if is_emergency(number.digits):
        return True
    if len(number.digits) <= _LIKE_EXTENSIONS:
        return number.digits in ENQUIRIES
    return number.kind in _OUTSIDE
