"""Texts and files in, finished sounds out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from hotline.kit.errors import TooLargeError, Words
from hotline.speech.helper import SpeechProcess
from hotline.speech.normalise import normalise
from hotline.speech.process import SpeechSettings, providers
from hotline.speech.provider import (
    MAX_SPEED,
    MIN_SPEED,
    NothingToSayError,
    SpeechError,
    TextToSpeech,
    UnknownVoiceError,
    Voice,
)
from hotline.speech.sounds import Sounds, hash_of_sound, hash_of_speech

log = structlog.get_logger(__name__)

MAX_UPLOAD_BYTES = 20 * 1024 * 1024
MAX_UPLOAD_SECONDS = 600
_DECODE_LIMIT = 120.0
_SPEAK_LIMIT = 120.0
_SPEAK_LIMIT_PER_SIGN = 0.5


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished sound."""

    content_hash: str
    duration_ms: int
    provider: str
    """Who spoke; empty for an uploaded sound."""
    as_asked: bool
    """False when another voice stood in for the one asked for; worth another try later."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    provider: TextToSpeech
    voice: str
    content_hash: str


class Speech:
    """Speaks through the first provider that can, and remembers by content what was spoken."""

    def __init__(
        self, settings: SpeechSettings, sounds: Sounds, *, default_voice: str, idle: float = 120.0
    ) -> None:
        """``idle``: seconds after which the processes behind it end."""
        self.sounds = sounds
        self._providers = providers(settings)
        self._default_voice = default_voice
        self._speaking = SpeechProcess(settings, idle=idle)
        # Files of strangers are read in a process that holds nothing else.
        self._decoding = SpeechProcess(settings, idle=idle)

    def voices(self) -> Sequence[Voice]:
        """Those that can be used now, the preferred provider's first."""
        return [
            voice
            for provider in self._providers
            if provider.available()
            for voice in provider.voices()
        ]

    def check_voice(self, voice: str) -> None:
        """Raises UnknownVoiceError."""
        if not any(provider.knows(voice) for provider in self._providers):
            raise UnknownVoiceError(
                f"no voice {voice}",
                fields={"voice": Words("there is no such voice", "没有这个音色")},
            )

    async def render(self, text: str, voice: str | None = None, speed: float = 1.0) -> Rendered:
        """Speak ``text``. Where its provider fails another one stands in.

        Raises NothingToSayError, or SpeechError when even the last one failed.
        """
        first = True
        trouble: SpeechError | None = None
        for candidate in self._candidates(text, voice, speed):
            try:
                return await self._render(candidate, normalise(text), speed, as_asked=first)
            except SpeechError as error:
                log.warning("voice failed", provider=candidate.provider.name, detail=str(error))
                trouble = error
            first = False
        raise trouble or SpeechError("no voice is available")

    def ready(self, text: str, voice: str | None = None, speed: float = 1.0) -> Rendered | None:
        """What has been made of ``text`` already, the best there is. Looks at the disk."""
        for index, candidate in enumerate(self._candidates(text, voice, speed)):
            if self.sounds.fetch(candidate.content_hash):
                return self._finished(candidate, as_asked=index == 0)
        return None

    def can_do_as_asked(self, voice: str | None = None) -> bool:
        """Is the voice's own provider there now?"""
        return self._provider_of(voice or self._default_voice).available()

    async def take_in(self, source: Path) -> Rendered:
        """Re-encode an uploaded sound file, told by its content.

        Raises TooLargeError, MalformedAudioError, AudioTooLongError, SpeechError.
        """
        size = (await asyncio.to_thread(source.stat)).st_size
        if size > MAX_UPLOAD_BYTES:
            raise TooLargeError(
                Words(f"at most {MAX_UPLOAD_BYTES // 1024**2} MB", "文件不能超过 20 MB")
            )
        with self.sounds.draft() as draft:
            milliseconds = await self._decoding.decode(
                source, draft, max_seconds=MAX_UPLOAD_SECONDS, limit=_DECODE_LIMIT
            )
            content_hash = hash_of_sound(await asyncio.to_thread(draft.read_bytes))
            await asyncio.to_thread(self.sounds.keep, draft, content_hash, share=False)
        return Rendered(content_hash, milliseconds, "", as_asked=True)

    async def close(self) -> None:
        """End the processes behind it."""
        await self._speaking.close()
        await self._decoding.close()

    async def _render(
        self, candidate: _Candidate, normalised: str, speed: float, *, as_asked: bool
    ) -> Rendered:
        if await asyncio.to_thread(self.sounds.fetch, candidate.content_hash):
            return self._finished(candidate, as_asked=as_asked)
        with self.sounds.draft() as draft:
            await self._speaking.speak(
                candidate.provider.name,
                normalised,
                candidate.voice,
                speed,
                draft,
                limit=_SPEAK_LIMIT + _SPEAK_LIMIT_PER_SIGN * len(normalised),
            )
            await asyncio.to_thread(self.sounds.keep, draft, candidate.content_hash, share=True)
        return self._finished(candidate, as_asked=as_asked)

    def _finished(self, candidate: _Candidate, *, as_asked: bool) -> Rendered:
        return Rendered(
            candidate.content_hash,
            self.sounds.milliseconds(candidate.content_hash),
            candidate.provider.name,
            as_asked,
        )

    def _candidates(self, text: str, voice: str | None, speed: float) -> Iterator[_Candidate]:
        """Who may speak it, the one asked for first; lazily, as each look costs a little."""
        normalised = normalise(text)
        if not normalised:
            raise NothingToSayError
        speed = min(max(speed, MIN_SPEED), MAX_SPEED)
        asked = voice or self._default_voice
        own = self._provider_of(asked)
        yield _candidate(own, asked, speed, normalised)
        for provider in self._providers:
            if provider is not own and (found := provider.voices()):
                yield _candidate(provider, found[0].id, speed, normalised)

    def _provider_of(self, voice: str) -> TextToSpeech:
        for provider in self._providers:
            if provider.knows(voice):
                return provider
        return self._providers[0]  # the voice of a provider that was switched off since


def _candidate(provider: TextToSpeech, voice: str, speed: float, normalised: str) -> _Candidate:
    if not provider.knows(voice):
        voice = provider.voices()[0].id
    content_hash = hash_of_speech(provider.name, provider.version, voice, speed, normalised)
    return _Candidate(provider, voice, content_hash)
