"""``hotline serve`` from the outside: its life, its neighbours, what it leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from hotline.cli.program import program
from hotline.demo.carrier import free_loopback_host

HOTLINE = Path(sys.executable).parent / "hotline"
STARTS_WITHIN, STOPS_WITHIN = 90, 60


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hl-s-") as name:
        yield Path(name)


@pytest.fixture
def environment(folder: Path) -> Mapping[str, str]:
    host = free_loopback_host((5060, 8088, 8400))
    return {
        **os.environ,
        "HOTLINE_HOME": str(folder / "home"),
        "HOTLINE_HTTP": f"{host}:8400",
        "HOTLINE_SIP": f"{host}:5060",
        "HOTLINE_ARI": f"{host}:8088",
        "HOTLINE_RTP": "39000-39099",
    }


@contextmanager
def serving(environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Up when the block begins; killed at its end if the test has not stopped it."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [HOTLINE, "serve"], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            deadline = time.monotonic() + STARTS_WITHIN
            while "Ctrl-C stops" not in log.read_text():
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.05)
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(STOPS_WITHIN)


def hotline(environment: Mapping[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [HOTLINE, *command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def the_first_person_enters(environment: Mapping[str, str], log: Path) -> None:
    """Of a site without samples, where nobody could log in until then."""
    assert "hotline operator add" in log.read_text()
    given = [
        hotline(environment, "operator", "add", "Wang.Fang").stdout,
        hotline(environment, "operator", "password", "wang.fang").stdout,
    ]
    first, second = (text.split("password")[1].split()[0] for text in given)
    session = f"http://{environment['HOTLINE_HTTP']}/api/v1/session"
    answers = [
        httpx.post(session, json={"login": "wang.fang", "password": password}).status_code
        for password in (first, second)
    ]
    assert answers == [401, 200]
    again = hotline(environment, "operator", "add", "wang.fang")
    assert (again.returncode, "login" in again.stderr) == (1, True)


def a_test_call_is_told(environment: Mapping[str, str]) -> None:
    """By numbers as people write them."""
    told = hotline(environment, "call", "400-600-9999", "--from", "010-6234 5678")
    assert told.returncode == 0, told.stderr
    assert "01062345678 (北京) calls 4006009999" in told.stdout
    assert "refused: number_unknown" in told.stdout


def a_killed_database_comes_back(environment: Mapping[str, str], folder: Path) -> None:
    server = folder / "home" / "pg" / "data" / "postmaster.pid"
    killed = server.read_text().split()[0]
    os.kill(int(killed), signal.SIGKILL)
    deadline = time.monotonic() + STARTS_WITHIN

    def is_back() -> bool:
        answer = httpx.get(f"http://{environment['HOTLINE_HTTP']}/api/v1/ready", timeout=10)
        another = server.exists() and server.read_text().split()[:1] != [killed]
        return another and answer.status_code == 200

    while not is_back():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def processes_that_name(folder: Path) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in command:
            found.append(command)
    return found


@pytest.mark.switch
@pytest.mark.timeout(400)
def test_it_starts_keeps_its_ground_stops_and_finds_its_state(
    environment: Mapping[str, str], folder: Path
) -> None:
    with serving(environment, folder / "first.log") as first:
        beside = hotline(environment, "serve")
        assert beside.returncode == 1
        assert f"process {first.pid}" in beside.stderr
        assert "HOTLINE_HOME" in beside.stderr
        other = hotline({**environment, "HOTLINE_HOME": str(folder / "other")}, "serve")
        assert other.returncode == 1
        assert "HOTLINE_HTTP" in other.stderr
        assert "Traceback" not in other.stderr
        examined = hotline(environment, "doctor")
        assert (examined.returncode, "nobody can log in" in examined.stdout) == (0, True)
        the_first_person_enters(environment, folder / "first.log")
        a_killed_database_comes_back(environment, folder)
        a_test_call_is_told(environment)
        assert hotline(environment, "backup", str(folder / "kept.dump")).returncode == 0
        metrics = httpx.get(f"http://{environment['HOTLINE_HTTP']}/metrics").text.splitlines()
        assert {"hotline_switch_connected 1.0", "hotline_ledger_pending 0.0"} <= set(metrics)
        added = hotline(environment, "carrier", "add", "kept", "127.0.0.9")
        assert added.returncode == 0, added.stderr
        first.send_signal(signal.SIGTERM)
        assert first.wait(STOPS_WITHIN) == 0
    assert processes_that_name(folder) == []
    assert hotline(environment, "doctor").returncode == 0

    with serving(environment, folder / "second.log") as second:
        assert "kept" in hotline(environment, "carrier", "list").stdout
        second.send_signal(signal.SIGKILL)
        second.wait()
    assert processes_that_name(folder) != []  # the switch goes on with its calls

    with serving(environment, folder / "third.log") as third:
        assert "kept" in hotline(environment, "carrier", "list").stdout
        third.send_signal(signal.SIGINT)
        assert third.wait(STOPS_WITHIN) == 0
    assert processes_that_name(folder) == []


def test_wrong_settings_and_missing_parts_are_told_in_words(
    environment: Mapping[str, str],
) -> None:
    wrong = hotline({**environment, "HOTLINE_RTP": "many"}, "serve")
    assert (wrong.returncode, "HOTLINE_RTP" in wrong.stderr) == (2, True)
    apart = hotline(environment, "run", "api")
    assert (apart.returncode, "HOTLINE_DATABASE_URL" in apart.stderr) == (1, True)
    idle = hotline(environment, "carrier", "list")
    assert (idle.returncode, "hotline serve" in idle.stderr) == (1, True)
    for result in (wrong, apart, idle):
        assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("call", "somebody"), "not a telephone number"),
        (("operator", "add", "王"), "letters, digits"),
        (("operator", "add", "x"), "letters, digits"),
    ],
)
def test_wrong_arguments_are_told_in_words(command: tuple[str, ...], words: str) -> None:
    refused = CliRunner().invoke(program, command)
    assert (refused.exit_code, words in refused.output) == (2, True)


def test_every_command_explains_itself() -> None:
    names = ["serve", "run", "demo", "call", "carrier", "doctor", "migrate", "carrier add"]
    names += ["operator add", "operator password", "backup", "restore"]
    for name in names:
        shown = CliRunner().invoke(program, [*name.split(), "--help"])
        assert shown.exit_code == 0, name
        assert "Usage" in shown.output
