"""What the log says of a failure, and what it keeps to itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from hotline.logs import configure_logs
from tests.conftest import LOG_LEVEL

SECRET = "-".join(["nobody", "may", "read", "this"])


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    configure_logs(tmp_path, "info")
    yield tmp_path
    configure_logs(None, LOG_LEVEL)


def fail(password: str) -> None:
    raise ValueError(f"{len(password)} signs are not enough")


def log_a_failure() -> None:
    try:
        fail(SECRET)
    except ValueError:
        structlog.get_logger("test").exception("it failed", part="one")


def test_a_traceback_names_lines_and_no_values(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log_a_failure()
    text = (folder / "hotline.log").read_text()
    line = json.loads(text)
    assert (line["event"], line["part"], line["level"]) == ("it failed", "one", "error")
    frames = [frame["name"] for frame in line["exception"][0]["frames"]]
    assert frames == ["log_a_failure", "fail"]
    assert line["exception"][0]["exc_value"] == "20 signs are not enough"
    assert SECRET not in text
    assert (folder / "hotline.log").stat().st_mode & 0o077 == 0


def test_the_console_names_the_error_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs(None, "info")
    log_a_failure()
    shown = capsys.readouterr().err
    assert "ValueError: 20 signs are not enough" in shown
    assert "Traceback" not in shown
    assert SECRET not in shown


def test_tests_log_as_the_program_does(capsys: pytest.CaptureFixture[str]) -> None:
    log_a_failure()
    assert SECRET not in capsys.readouterr().err
    assert structlog.is_configured()
