"""Refusals from inside a schema, in the words of both kinds of readers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, AwareDatetime
from pydantic_core import PydanticCustomError

from hotline.kit.errors import Words
from hotline.kit.short_numbers import NO_EXTENSION, is_emergency

REFUSED = "refused"
"""The type of such an error; its context has the words as ``en`` and ``zh``."""


def refusal(words: Words) -> PydanticCustomError:
    """What a validator raises to say ``words`` of its field."""
    return PydanticCustomError(REFUSED, "{en}", {"en": words.en, "zh": words.zh})


def no_emergency_number(extension: str) -> str:
    """An extension that hides no emergency number from those who dial it."""
    if is_emergency(extension):
        raise refusal(NO_EXTENSION)
    return extension


def _in_range(at: datetime) -> datetime:
    # PostgreSQL and time zones reach further than sensible dates do.
    if not 1970 <= at.year <= 9000:
        raise refusal(Words("is too far away", "日期超出范围"))
    return at.astimezone(UTC)


SensibleInstant: TypeAlias = Annotated[AwareDatetime, AfterValidator(_in_range)]
"""An instant that can be kept."""
