"""Short numbers that mean the same everywhere in China."""

from __future__ import annotations

from typing import Final

from hotline.kit.errors import Words

EMERGENCY: Final = frozenset(
    {"110", "119", "120", "122", "999", "12110", "12119", "12120", "12395"}
)
"""Police, fire, ambulance, traffic, their texting and sea rescue numbers."""
ENQUIRIES: Final = frozenset({"114", "117", "121"})
"""Directory enquiries, the time, the weather. With 110 to 122 the only public numbers of three or
four digits; those of the authorities (12345) and of the networks (10086) have five or more."""


NO_EXTENSION: Final = Words(
    "is an emergency number, which has to stay one on everybody's phone",
    "是紧急求助号码，不能用作分机号",
)


def without_area_code(number: str) -> str:
    """``number``, as national digits, without an area code before an emergency number: with it,
    it is still the same service."""
    for length in (3, 4):
        if number.startswith("0") and number[length:] in EMERGENCY:
            return number[length:]
    return number


def is_emergency(number: str) -> bool:
    """Whether ``number``, as national digits, calls for help."""
    return without_area_code(number) in EMERGENCY
