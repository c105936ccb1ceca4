"""A voice service on the other end of HTTP."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest
import soundfile

from hotline.settings import Settings
from hotline.speech.http_voice import HttpVoice, HttpVoiceSettings
from hotline.speech.process import SpeechSettings
from hotline.speech.provider import SpeechError, SpeechUnavailableError, UnknownVoiceError
from hotline.wiring import home_of, speech


def one_second() -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, 0.3 * np.sin(np.arange(24000) / 10), 24000, format="WAV")
    return stream.getvalue()


@dataclass
class Service:
    url: str = ""
    status: int = 200
    answer: bytes = field(default_factory=one_second)
    asked: list[Any] = field(default_factory=list)


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.asked.append((self.headers["Authorization"], json.loads(body)))
            self.send_response(service.status)
            if service.status == 302:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", str(len(service.answer)))
            self.end_headers()
            self.wfile.write(service.answer)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}/speech"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield service
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(service: Service) -> HttpVoiceSettings:
    return HttpVoiceSettings(
        service.url, {"anna": "安娜"}, headers={"Authorization": "Bearer key"}, timeout=5
    )


def test_asks_as_configured_and_reads_the_answer(
    service: Service, settings: HttpVoiceSettings
) -> None:
    audio = HttpVoice(settings).synthesise("您好 {voice}", "anna", 1.2)
    assert audio.seconds == pytest.approx(1)
    expected = {"input": "您好 {voice}", "voice": "anna", "speed": "1.2"}
    assert service.asked == [("Bearer key", expected)]


@pytest.mark.parametrize("status", [302, 401, 500])
def test_an_error_answer_is_an_error(
    status: int, service: Service, settings: HttpVoiceSettings
) -> None:
    service.status = status
    with pytest.raises(SpeechError, match=str(status)):
        HttpVoice(settings).synthesise("您好", "anna", 1)


def test_refuses_too_much_and_nonsense(service: Service, settings: HttpVoiceSettings) -> None:
    with pytest.raises(SpeechError, match="more than"):
        HttpVoice(replace(settings, max_bytes=100)).synthesise("您好", "anna", 1)
    service.answer = b"{}"
    with pytest.raises(SpeechError, match="no sound"):
        HttpVoice(settings).synthesise("您好", "anna", 1)
    with pytest.raises(UnknownVoiceError):
        HttpVoice(settings).synthesise("您好", "bert", 1)


def test_is_unavailable_when_nobody_listens(settings: HttpVoiceSettings) -> None:
    with pytest.raises(SpeechUnavailableError):
        HttpVoice(replace(settings, url="http://127.0.0.1:1/")).synthesise("您好", "anna", 1)
    with pytest.raises(ValueError, match="http"):
        HttpVoice(replace(settings, url="file:///etc/passwd"))


def test_settings_reach_the_process_unchanged(settings: HttpVoiceSettings, tmp_path: Any) -> None:
    sent = SpeechSettings(tmp_path, True, 1, settings)
    assert SpeechSettings.from_json(sent.as_json()) == sent


async def test_chosen_by_the_sites_settings(
    service: Service, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {
        "url": service.url,
        "voices": {"anna-2": "安娜"},
        "body": {"text": "{text}", "model": "best"},
        "headers": {"Authorization": "Bearer key"},
    }
    monkeypatch.setenv("HOTLINE_VOICE_HTTP", json.dumps(asked))
    monkeypatch.setenv("HOTLINE_VOICE", "anna-2")
    monkeypatch.setenv("HOTLINE_VOICE_PROVIDER", "espeak")
    settings = Settings(home=tmp_path / "home", tools=tmp_path / "tools")
    assert "Bearer" not in repr(settings)
    voice = speech(settings, home_of(settings))
    try:
        assert voice.voices()[0].id == "anna-2"
        rendered = await voice.render("您好")
    finally:
        await voice.close()
    assert (rendered.provider, rendered.as_asked) == ("http", True)
    assert service.asked == [("Bearer key", {"text": "您好", "model": "best"})]
