"""Numbers that the platform never calls for anybody."""

from __future__ import annotations

from typing import Final

EMERGENCY: Final = frozenset(
    {"110", "119", "120", "122", "999", "12110", "12119", "12120", "12395"}
)
"""Police, fire, ambulance, traffic, their texting and sea rescue numbers: a call placed by machine,
or shown with a company's number, would send help to the wrong place."""
_LONGEST: Final = 20


def may_be_called(number: str) -> bool:
    """Whether ``number``, as national digits, is one that may be called at all."""
    if not number.isdigit() or not 3 <= len(number) <= _LONGEST:
        return False
    plain = number
    # With an area code in front a short number is still the same service.
    for length in (3, 4):
        if number.startswith("0") and number[length:] in EMERGENCY:
            plain = number[length:]
    return plain not in EMERGENCY
