"""What a text-to-speech provider is to us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hotline.kit.errors import HotlineError, InvalidError
from hotline.speech.audio import Audio

MIN_SPEED = 0.5
MAX_SPEED = 2.0


@dataclass(frozen=True, slots=True)
class Voice:
    """One of a provider's voices."""

    id: str
    """Unique over all providers, e.g. ``zf_xiaoxiao``."""
    name: str
    """As people read it, e.g. 晓晓."""
    gender: str
    """``female``, ``male`` or empty where it has none."""
    provider: str


class SpeechError(HotlineError):
    """Speech could not be made; trying again may help."""

    status = 503
    error_id = "speech-failed"
    title = "The text could not be turned into speech"
    title_zh = "语音合成失败"


class SpeechUnavailableError(SpeechError):
    """A provider's files or service are not there: another provider may do."""

    error_id = "speech-unavailable"
    title = "This voice is not available now"
    title_zh = "该音色暂时不可用"


class UnknownVoiceError(InvalidError):
    error_id = "unknown-voice"
    title = "There is no such voice"
    title_zh = "没有这个音色"


class NothingToSayError(InvalidError):
    error_id = "nothing-to-say"
    title = "The text has nothing that can be read aloud"
    title_zh = "没有可以朗读的内容"


class TextToSpeech(Protocol):
    """Turns a normalised text into sound. Blocking: it runs in the speech process."""

    @property
    def name(self) -> str:
        """Short and stable, e.g. ``kokoro``."""

    @property
    def version(self) -> str:
        """Changes whenever the same text would sound different: part of the cache's key."""

    def available(self) -> bool:
        """Cheap: are its files (or its address) there?"""

    def voices(self) -> Sequence[Voice]:
        """Those that can be used now, the default one first."""

    def knows(self, voice: str) -> bool:
        """Is it one of its voices, be it usable now or not?"""

    def synthesise(self, text: str, voice: str, speed: float) -> Audio:
        """Speak ``text`` (1.0 is the voice's own speed). Raises SpeechError."""
