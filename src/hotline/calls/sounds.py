"""What the call path asks of the sounds: nothing waits, a sound is there now or is left out."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class SystemSound(StrEnum):
    """The platform's own announcements."""

    NUMBER_NOT_IN_SERVICE = "number_not_in_service"
    ENTERPRISE_UNAVAILABLE = "enterprise_unavailable"
    BLACKLISTED = "blacklisted"
    VOICEMAIL_NOTICE = "voicemail_notice"
    AREA_BLOCKED = "area_blocked"
    HOTLINE_BUSY = "hotline_busy"
    CLOSED = "closed"
    ALL_FAILED = "all_failed"
    RECORDING_NOTICE = "recording_notice"
    TECHNICAL_PROBLEM = "technical_problem"
    QUEUE_BUSY = "queue_busy"
    CALLBACK_NOTED = "callback_noted"
    CALLBACK_NUMBER = "callback_number"
    CALLBACK_CONFIRM = "callback_confirm"
    """After the number, which is said digit by digit."""
    CALLBACK_ENTER = "callback_enter"
    WRONG_INPUT = "wrong_input"
    PRESS_ONE = "press_one"
    """To an agent's own phone: who answers takes the call by a key."""
    CALLEE_BUSY = "callee_busy"
    CALLEE_NO_ANSWER = "callee_no_answer"
    CALLEE_UNREACHABLE = "callee_unreachable"
    NUMBER_NOT_ALLOWED = "number_not_allowed"
    """The last four to an agent whose own call did not come through."""
    VOICEMAIL_GREETING = "voicemail_greeting"
    VOICEMAIL_REVIEW = "voicemail_review"
    VOICEMAIL_KEPT = "voicemail_kept"
    SURVEY_INVALID = "survey_invalid"
    SURVEY_THANKS = "survey_thanks"
    NAME_ENTER = "name_enter"
    NAME_UNKNOWN = "name_unknown"
    NAME_MANY = "name_many"
    """Too many names begin with what was keyed in."""


class Sounds(Protocol):
    """The enterprises' prompts, named by the hash of their content."""

    def of(self, content_hash: str) -> Path | None:
        """The sound file, or None where it is not on this machine."""


class SystemSounds(Protocol):
    def get(self, key: str) -> Path | None:
        """The sound of a SystemSound, or None while it is not ready."""

    def phrase(self, text: str) -> Path | None:
        """The sound of a short text, or None while it is not made; asking makes it."""

    def whisper_for(self, province: str, city: str) -> Sequence[Path]:
        """What a called party hears first (“400 来电，来自北京”); empty while it is not ready.

        Both in the words to say, or empty.
        """
