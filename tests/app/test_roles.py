"""The roles run apart, on a database that they share."""

from __future__ import annotations

import http.client
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from hotline.db.embedded import EmbeddedPostgres
from hotline.demo.carrier import free_loopback_host

HOTLINE = Path(sys.executable).parent / "hotline"


@pytest.fixture
def environment() -> Iterator[Mapping[str, str]]:
    """A site: a database server of its own (roles belong to a server), one secret, free ports."""
    with tempfile.TemporaryDirectory(prefix="hl-r-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder) / "pg", die_with_parent=True, durable=False)
        server.start()
        url = server.create_database("site")
        host = free_loopback_host((5060, 8088, 8400))
        yield {
            **os.environ,
            "HOTLINE_HOME": f"{folder}/home",
            "HOTLINE_SECRET": secrets.token_urlsafe(32),
            "HOTLINE_DATABASE_URL": f"postgresql://postgres@/site?host={url.query['host']}",
            "HOTLINE_HTTP": f"{host}:8400",
            "HOTLINE_SIP": f"{host}:5060",
            "HOTLINE_ARI": f"{host}:8088",
            "HOTLINE_RTP": "38000-38099",
        }
        server.stop()


def status_of(address: str, path: str) -> int | None:
    host, port = address.rsplit(":", 1)
    with closing(http.client.HTTPConnection(host, int(port), timeout=5)) as connection:
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return None


@pytest.mark.switch
@pytest.mark.timeout(300)
def test_api_switch_and_worker_share_a_database(environment: Mapping[str, str]) -> None:
    early = subprocess.run(
        [HOTLINE, "run", "api"], env=environment, capture_output=True, text=True, check=False
    )
    assert early.returncode == 1
    assert "hotline migrate" in early.stderr
    assert "Traceback" not in early.stderr
    subprocess.run([HOTLINE, "migrate"], env=environment, check=True, capture_output=True)

    home = environment["HOTLINE_HOME"]
    ready = {"api": "API at", "switch": "Calls", "worker": "Worker"}
    running = {}
    for role in ready:
        own = {**environment, "HOTLINE_HOME": f"{home}-{role}"}
        running[role] = subprocess.Popen(
            [HOTLINE, "run", role], env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    try:
        for role, words in ready.items():
            wait_for_words(running[role], words)
        assert status_of(environment["HOTLINE_HTTP"], "/api/v1/ready") == 200
        # Each says that it lives, and the switch's that it can be commanded.
        wait_until(lambda: nodes(environment) == {"api": None, "switch": True, "worker": None})
    finally:
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        codes = {role: process.wait(60) for role, process in running.items()}
        for process in running.values():
            if process.stdout is not None:
                process.stdout.close()
    assert codes == {"api": 0, "switch": 0, "worker": 0}
    assert nodes(environment) == {}


def nodes(environment: Mapping[str, str]) -> dict[str, bool | None]:
    """Which roles are played, and whether the switch of each is connected."""
    with psycopg.connect(environment["HOTLINE_DATABASE_URL"]) as connection:
        found = connection.execute("select roles[1], switch_connected from nodes").fetchall()
    return {str(role): connected for role, connected in found}


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def wait_for_words(process: subprocess.Popen[bytes], words: str) -> None:
    assert process.stdout is not None
    seen = b""
    deadline = time.monotonic() + 90
    for line in iter(process.stdout.readline, b""):
        seen += line
        if words.encode() in line:
            return
        assert time.monotonic() < deadline, seen.decode()
    pytest.fail(seen.decode())
