"""``hotline demo --once --json`` from the outside: a whole Hotline, real calls, its contract."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotline.demo.scenarios import SCENARIOS

HOTLINE = Path(sys.executable).parent / "hotline"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where the demo puts its throw-away home; short, for the sockets in it."""
    with tempfile.TemporaryDirectory(prefix="hl-d-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def answer(folder: Path) -> dict[str, Any]:
    environment = {**os.environ, "TMPDIR": str(folder)}
    done = subprocess.run(
        [HOTLINE, "demo", "--once", "--json"],
        capture_output=True,
        text=True,
        env=environment,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    parsed: dict[str, Any] = json.loads(done.stdout)
    return parsed


@pytest.mark.switch
@pytest.mark.timeout(300)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_each_call_has_its_record(answer: dict[str, Any], scenario: Any) -> None:
    call = next(call for call in answer["calls"] if call["name"] == scenario.name)
    assert call["outcome"] == call["expected"] == scenario.outcome
    assert (call["caller"], call["dialled"]) == (scenario.caller, scenario.dialled)
    assert call["legs"] == [
        {"target": leg.target, "result": leg.result, "sip_code": leg.sip_code}
        for leg in scenario.legs
    ]
    assert scenario.talk[0] <= call["talk_seconds"] <= scenario.talk[1]
    if scenario.recording is None:
        assert call["recording_seconds"] is None
    else:
        assert scenario.recording[0] <= call["recording_seconds"] <= scenario.recording[1]


@pytest.mark.switch
@pytest.mark.timeout(300)
def test_nothing_is_left_behind(answer: dict[str, Any], folder: Path) -> None:
    assert answer["ok"] is True
    assert set(answer) == {"ok", "calls"}
    # Libraries keep caches of their own there (jieba's dictionary).
    assert [path for path in folder.iterdir() if path.is_dir()] == []
    assert processes_that_name(folder) == []


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
