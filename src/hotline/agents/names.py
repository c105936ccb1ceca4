"""Names as they are spelled on a telephone's keys: 王芳 is wangfang or, by initials, wf."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

_LETTERS: Final = ("abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz")
_KEY_OF: Final = {
    letter: str(key) for key, letters in enumerate(_LETTERS, start=2) for letter in letters
}
_PARTS: Final = re.compile(r"[A-Za-z]+|[0-9]+|[^\W_]")
Syllables: TypeAlias = tuple[frozenset[str], ...]
"""For each part of a name the keys of its readings: 单 may be dan, shan or chan."""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who can be asked for by name."""

    name: str
    extension: str


def keys_of(letters: str) -> str:
    """The keys that spell Latin letters; digits stay, ü is v."""
    plain = letters.lower().replace("ü", "v")
    return "".join(_KEY_OF.get(sign, sign if sign.isdigit() else "") for sign in plain)


def asked_for(keys: str, people: Iterable[Named]) -> list[Named]:
    """Whose name ``keys`` spell, in full or by initials; without one, whose name begins so.

    Ordered by name and extension. The first call loads the readings of some 40,000 characters.
    """
    if not keys:
        return []
    spelled = [(_fit(keys, _syllables(one.name)), one) for one in people]
    whole = [one for fit, one in spelled if fit is _WHOLE]
    begun = [one for fit, one in spelled if fit is _BEGUN]
    return sorted(whole or begun, key=lambda one: (one.name, one.extension))


_WHOLE: Final = "whole"
_BEGUN: Final = "begun"


def _fit(keys: str, syllables: Syllables) -> str | None:
    initials = tuple(frozenset(reading[:1] for reading in each) for each in syllables)
    fits = {_spells(keys, initials), _spells(keys, syllables)}
    return _WHOLE if _WHOLE in fits else _BEGUN if _BEGUN in fits else None


def _spells(keys: str, syllables: Sequence[frozenset[str]]) -> str | None:
    """Whether ``keys`` are these syllables, or their beginning; None: neither."""
    if not keys:
        return _BEGUN if syllables else _WHOLE
    if not syllables:
        return None
    found = None
    for reading in syllables[0]:
        if keys.startswith(reading):
            rest = _spells(keys[len(reading) :], syllables[1:])
            if rest is _WHOLE:
                return _WHOLE
            found = found or rest
        elif reading.startswith(keys):
            found = _BEGUN
    return found


@lru_cache(maxsize=20_000)
def _syllables(name: str) -> Syllables:
    parts = (_readings(part) for part in _PARTS.findall(name))
    return tuple(readings for readings in parts if readings)


def _readings(part: str) -> frozenset[str]:
    if part.isascii():
        return frozenset({keys_of(part)})
    # Some 60 MB that only those need whose callers dial by name.
    from pypinyin import Style, pinyin  # noqa: PLC0415

    readings = pinyin(part, style=Style.NORMAL, heteronym=True, errors="ignore")
    return frozenset(keys for reading in readings for each in reading if (keys := keys_of(each)))
