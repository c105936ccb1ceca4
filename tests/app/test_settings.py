"""Settings read from the environment, and what they refuse."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from hotline.settings import Address, PortRange, Settings, parse_address, parse_port_range


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:80", Address("127.0.0.1", 80)),
        (" [::1]:5060 ", Address("::1", 5060)),
        ("sip.example:5061", Address("sip.example", 5061)),
    ],
)
def test_addresses(text: str, address: Address) -> None:
    assert parse_address(text) == address
    assert parse_address(str(address)) == address


@pytest.mark.parametrize("text", ["8400", "127.0.0.1", "::1:80", "a:0", "a:65536", "a:b", ""])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="host:port"):
        parse_address(text)


def test_port_ranges() -> None:
    assert parse_port_range("10000-10099") == PortRange(10000, 10099)
    for text in ("10000", "20000-10000", "80-2000", "65000-70000", "10000-10001"):
        with pytest.raises(ValueError, match=r"first-last|ports must be"):
            parse_port_range(text)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_HTTP", "[::]:9000")
    monkeypatch.setenv("HOTLINE_RTP", "12000-12999")
    settings = Settings()
    assert settings.http == Address("::", 9000)
    assert settings.rtp == PortRange(12000, 12999)


def test_a_speech_service_is_read_from_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_VOICE_HTTP", '{"url": "http://tts.example", "voices": {"a": "A"}}')
    service = Settings().voice_http
    assert service is not None
    assert (service.url, service.voices) == ("http://tts.example", {"a": "A"})


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValidationError, match="secret"):
        Settings.model_validate({"secret": "short"})


def test_every_setting_explains_itself() -> None:
    assert all(field.description for field in Settings.model_fields.values())
