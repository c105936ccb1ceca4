"""The process that does the heavy work: models, libsndfile on strangers' files, filters.

``python -m hotline.speech.process`` reads one line of configuration, then a line per request, and
answers each with a line, all JSON. It ends when its input ends, so it never outlives its parent.
Being a process of its own, it neither holds up the loop nor takes the parent down with it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hotline.kit.errors import HotlineError
from hotline.speech import alaw
from hotline.speech.audio import for_telephone
from hotline.speech.decode import decode
from hotline.speech.espeak import EspeakVoice
from hotline.speech.http_voice import HttpVoice, HttpVoiceSettings
from hotline.speech.kokoro import KokoroVoice
from hotline.speech.provider import SpeechUnavailableError, TextToSpeech

_NICE = 10
_DECODE_MEMORY = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """Which providers there are, the preferred one first."""

    voices_folder: Path
    """Of the neural voice."""
    neural: bool = True
    threads: int = 2
    """Processors the neural voice may use at once."""
    http: HttpVoiceSettings | None = None

    def as_json(self) -> str:
        return json.dumps(
            {
                "voices_folder": str(self.voices_folder),
                "neural": self.neural,
                "threads": self.threads,
                "http": asdict(self.http) if self.http else None,
            }
        )

    @staticmethod
    def from_json(line: str) -> SpeechSettings:
        values = json.loads(line)
        http = HttpVoiceSettings(**values["http"]) if values["http"] else None
        return SpeechSettings(
            Path(values["voices_folder"]), values["neural"], values["threads"], http
        )


def providers(settings: SpeechSettings) -> Sequence[TextToSpeech]:
    """In order of preference; the last one is always there."""
    found: list[TextToSpeech] = []
    if settings.http:
        found.append(HttpVoice(settings.http))
    if settings.neural:
        found.append(KokoroVoice(settings.voices_folder, threads=settings.threads))
    return [*found, EspeakVoice()]


def main() -> None:
    # Libraries print; only answers may reach the real output.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    os.nice(_NICE)
    settings = SpeechSettings.from_json(sys.stdin.readline())
    worker = _Worker({provider.name: provider for provider in providers(settings)})
    for line in sys.stdin:
        answers.write(json.dumps(worker.answer(json.loads(line))) + "\n")
        answers.flush()


class _Worker:
    def __init__(self, providers: dict[str, TextToSpeech]) -> None:
        self._providers = providers
        self._verbs: dict[str, Callable[[dict[str, Any]], bytes]] = {
            "speak": self._speak,
            "decode": self._decode,
        }

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            data = self._verbs[request["verb"]](request)
            Path(request["out"]).write_bytes(data)
            return {"ok": True, "duration_ms": round(len(data) * 1000 / alaw.RATE)}
        except HotlineError as error:
            return {"ok": False, "error": type(error).__name__, "detail": error.detail}
        except Exception as error:  # noqa: BLE001 - a broken library must not end the process
            traceback.print_exc()
            return {"ok": False, "error": "SpeechError", "detail": type(error).__name__}

    def _speak(self, request: dict[str, Any]) -> bytes:
        provider = self._providers.get(request["provider"])
        if provider is None:
            raise SpeechUnavailableError(f"no provider {request['provider']}")
        return for_telephone(
            provider.synthesise(request["text"], request["voice"], request["speed"])
        )

    def _decode(self, request: dict[str, Any]) -> bytes:
        resource.setrlimit(resource.RLIMIT_AS, (_DECODE_MEMORY, _DECODE_MEMORY))
        return for_telephone(decode(Path(request["source"]), max_seconds=request["max_seconds"]))


if __name__ == "__main__":
    main()
