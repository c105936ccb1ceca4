"""What callers hear besides a greeting: refusals, closing words, apologies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hotline.calls.admission import Rule
from hotline.calls.call_log import CallLog
from hotline.calls.events import PromptSkipped
from hotline.calls.facts import HotlineSettings, PromptRef
from hotline.calls.parts import Parts
from hotline.calls.sounds import SystemSound
from hotline.telephony.port import Cause, IncomingCall, Media, MediaMissing, Prompt


@dataclass(frozen=True, slots=True)
class Farewell:
    """A notice and the end of the call."""

    sound: SystemSound | None
    cause: Cause
    answer: bool
    """Answer first, so that the caller is charged for a call that the enterprise deals with; the
    others are said as early media."""


FAREWELLS: dict[Rule, Farewell] = {
    Rule.NUMBER_UNKNOWN: Farewell(SystemSound.NUMBER_NOT_IN_SERVICE, Cause.UNALLOCATED, False),
    Rule.NOT_IN_SERVICE: Farewell(SystemSound.NUMBER_NOT_IN_SERVICE, Cause.UNALLOCATED, False),
    Rule.ENTERPRISE_SUSPENDED: Farewell(SystemSound.ENTERPRISE_UNAVAILABLE, Cause.REJECTED, False),
    Rule.NO_FUNDS: Farewell(SystemSound.ENTERPRISE_UNAVAILABLE, Cause.REJECTED, False),
    Rule.BLACKLIST: Farewell(SystemSound.BLACKLISTED, Cause.REJECTED, False),
    Rule.BLACKLIST_VOICEMAIL: Farewell(SystemSound.VOICEMAIL_NOTICE, Cause.NORMAL, True),
    Rule.BLOCKED_AREA: Farewell(SystemSound.AREA_BLOCKED, Cause.REJECTED, False),
    Rule.CONCURRENT_LIMIT: Farewell(SystemSound.HOTLINE_BUSY, Cause.BUSY, False),
    Rule.CLOSED: Farewell(SystemSound.CLOSED, Cause.NORMAL, True),
}
ALL_FAILED = Farewell(SystemSound.ALL_FAILED, Cause.NORMAL, True)
APOLOGY = Farewell(SystemSound.TECHNICAL_PROBLEM, Cause.TEMPORARY_FAILURE, False)


class Announcer:
    """Finds sounds and says them; one that is missing is noted and left out."""

    def __init__(self, parts: Parts, log: CallLog) -> None:
        self._parts = parts
        self._log = log

    def prompt(self, name: str, wanted: PromptRef | None) -> list[Media]:
        """The enterprise's prompt; nothing where none is set or it is not ready."""
        if wanted is None:
            return []
        path = self._parts.sounds.of(wanted.content_hash) if wanted.content_hash else None
        return self._found(name, path)

    def system(self, sound: SystemSound) -> list[Media]:
        path = self._parts.system_sounds.get(sound)
        # A look at the file costs microseconds; a missing one would cost the caller the call.
        return self._found(sound.value, path if path is not None and path.exists() else None)

    def recording_notice(self, settings: HotlineSettings) -> list[Media]:
        return self.prompt("recording_notice", settings.recording_notice) or self.system(
            SystemSound.RECORDING_NOTICE
        )

    def whisper(self, province: str, city: str) -> list[Media]:
        return [Prompt(path) for path in self._parts.system_sounds.whisper_for(province, city)]

    def pieces(self, words: Sequence[str]) -> list[Media]:
        """Numbers and units one after the other; nothing while one of them is not ready."""
        paths = [self._parts.system_sounds.phrase(word) for word in words]
        found = [Prompt(path) for path in paths if path is not None]
        if len(found) == len(paths):
            return [*found]
        self.skipped("pieces")
        return []

    async def say(
        self, call: IncomingCall, farewell: Farewell, own: list[Media] | None = None
    ) -> None:
        """Say ``own`` or, without it, the platform's notice. Raises CallerGone, SwitchDown."""
        media = own or (self.system(farewell.sound) if farewell.sound else [])
        if not media:
            return
        if farewell.answer:
            await call.answer()
        else:
            await call.early_media()
        try:
            await call.play(media)
        except MediaMissing:
            self.skipped(farewell.sound.value if farewell.sound else "farewell")

    def skipped(self, name: str) -> None:
        self._log.append(PromptSkipped(at=self._parts.clock.now(), prompt=name))

    def _found(self, name: str, path: Path | None) -> list[Media]:
        if path is not None:
            return [Prompt(path)]
        self.skipped(name)
        return []
