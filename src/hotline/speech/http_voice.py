"""Any text-to-speech service that answers a POST with a sound file."""

from __future__ import annotations

import io
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hotline.speech.audio import Audio
from hotline.speech.decode import MalformedAudioError, decode
from hotline.speech.provider import SpeechError, SpeechUnavailableError, UnknownVoiceError, Voice

_SCHEMES = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class HttpVoiceSettings:
    """How to ask the service. In ``body`` the words {text}, {voice} and {speed} are replaced."""

    url: str
    voices: Mapping[str, str]
    """Voice id → the name people see."""
    version: str = "1"
    """Change it when the service's voices sound different now."""
    body: Mapping[str, str] = field(
        default_factory=lambda: {"input": "{text}", "voice": "{voice}", "speed": "{speed}"}
    )
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 30.0
    """Seconds for the whole answer."""
    max_bytes: int = 20_000_000


class HttpVoice:
    """Takes whatever sound format libsndfile reads. Redirects are not followed."""

    name = "http"

    def __init__(self, settings: HttpVoiceSettings) -> None:
        if not settings.url.startswith(_SCHEMES):
            raise ValueError("the address of a voice service starts with http:// or https://")
        self._settings = settings
        self._opener = urllib.request.build_opener(_NoRedirects)

    @property
    def version(self) -> str:
        return f"{self._settings.url}#{self._settings.version}"

    def available(self) -> bool:
        return True

    def voices(self) -> Sequence[Voice]:
        return tuple(Voice(id, name, "", self.name) for id, name in self._settings.voices.items())

    def knows(self, voice: str) -> bool:
        return voice in self._settings.voices

    def synthesise(self, text: str, voice: str, speed: float) -> Audio:
        if not self.knows(voice):
            raise UnknownVoiceError(f"no voice {voice}")
        values = {"{text}": text, "{voice}": voice, "{speed}": f"{speed:g}"}
        body = {key: _filled(template, values) for key, template in self._settings.body.items()}
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked in __init__
            self._settings.url,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **self._settings.headers},
            method="POST",
        )
        try:
            return decode(io.BytesIO(self._answer(request)), max_seconds=600)
        except urllib.error.HTTPError as refused:
            with refused:
                raise SpeechError(f"the voice service answered {refused.code}") from refused
        except (urllib.error.URLError, TimeoutError, ConnectionError) as unreachable:
            raise SpeechUnavailableError(
                f"the voice service cannot be reached: {unreachable}"
            ) from unreachable
        except MalformedAudioError as malformed:
            raise SpeechError("the voice service sent no sound file") from malformed

    def _answer(self, request: urllib.request.Request) -> bytes:
        deadline = time.monotonic() + self._settings.timeout
        received = bytearray()
        with self._opener.open(request, timeout=self._settings.timeout) as response:
            while chunk := response.read1(65536):
                received += chunk
                if len(received) > self._settings.max_bytes:
                    raise SpeechError("the voice service sent more than is accepted")
                if time.monotonic() > deadline:
                    raise TimeoutError("the answer took too long")
        return bytes(received)


def _filled(template: str, values: Mapping[str, str]) -> str:
    """A template that is one word is replaced whole, so that a text cannot name another word."""
    return values.get(template, template)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None
