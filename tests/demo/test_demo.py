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

from hotline.demo.scenarios import SCENARIOS, Scenario

HOTLINE = Path(sys.executable).parent / "hotline"


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the demo puts its throw-away home; short, for the sockets in it."""
    with tempfile.TemporaryDirectory(prefix="hl-d-") as name:
        yield Path(name)


@pytest.mark.switch
@pytest.mark.timeout(300)
def test_every_call_has_the_record_it_should(folder: Path) -> None:
    done = subprocess.run(
        [HOTLINE, "demo", "--once", "--json"],
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    answer = json.loads(done.stdout)
    assert answer["ok"] is True
    assert set(answer) == {"ok", "calls"}
    assert [call["name"] for call in answer["calls"]] == [one.name for one in SCENARIOS]
    for call, scenario in zip(answer["calls"], SCENARIOS, strict=True):
        check(call, scenario)
    # Libraries keep caches of their own there (jieba's dictionary).
    assert [path for path in folder.iterdir() if path.is_dir()] == []
    assert processes_that_name(folder) == []


def check(call: dict[str, Any], scenario: Scenario) -> None:
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
