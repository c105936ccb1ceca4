"""Steps: there already, made, or failed with what to do."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import sys
import tarfile
from pathlib import Path

import pytest
from dotenv import dotenv_values
from install.environment import setting, tools_folder
from install.node import NodeInstall
from install.progress import StepFailed, Steps, run_watched
from install.switch import tree_version
from install.voice import VoiceInstall, VoicePin, matches, unpack


def package(folder: Path) -> Path:
    archive = folder / "voices.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        for name in ("package/voices/zf_a.bin", "package/voices/af_b.bin", "package/index.js"):
            member = tarfile.TarInfo(name)
            member.size = 3
            tar.addfile(member, io.BytesIO(b"abc"))
    return archive


def integrity_of(archive: Path) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()


def test_only_the_voices_are_taken_out_of_the_package(tmp_path: Path) -> None:
    assert unpack(package(tmp_path), "package/voices/z[fm]_*.bin", tmp_path / "out") == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["zf_a.bin"]


def test_a_package_that_changed_is_told_apart(tmp_path: Path) -> None:
    archive = package(tmp_path)
    pinned = integrity_of(archive)
    assert matches(archive, pinned)
    archive.write_bytes(archive.read_bytes() + b"x")
    assert not matches(archive, pinned)


def test_voices_of_another_pin_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "voice").mkdir()
    (tmp_path / "voice" / ".installed").write_text("sha512-old")
    pin = VoicePin("p", "1", "sha512-new", "*")
    assert VoiceInstall(tmp_path, pin).present() is None


def test_settings_stand_where_hotline_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("HOTLINE_TOOLS", "HOTLINE_SWITCH"):
        monkeypatch.delenv(name, raising=False)
    assert setting("HOTLINE_SWITCH", "auto") == "auto"
    lines = [
        "# HOTLINE_SWITCH=tools",
        "export HOTLINE_SWITCH = system  # the package",
        f"HOTLINE_TOOLS='{tmp_path}/of us'",
        "OTHER=1",
    ]
    (tmp_path / "hotline.env").write_text("\n".join(lines))
    written = dotenv_values(tmp_path / "hotline.env")
    assert setting("HOTLINE_SWITCH", "auto") == written["HOTLINE_SWITCH"] == "system"
    assert str(tools_folder()) == written["HOTLINE_TOOLS"] == f"{tmp_path}/of us"
    monkeypatch.setenv("HOTLINE_TOOLS", "/elsewhere")
    assert tools_folder() == Path("/elsewhere")


def fake_node(folder: Path, version: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("node", "npm"):
        (folder / name).write_text(f"#!/bin/sh\necho v{version}\n")
        (folder / name).chmod(0o755)


def test_the_machines_node_is_used_where_it_is_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "install").mkdir()
    (tmp_path / "install" / "node.lock").write_text("x==1")
    node = NodeInstall(tmp_path, tmp_path / "tools")
    monkeypatch.setenv("PATH", f"{tmp_path / 'usr'}:/bin")
    fake_node(tmp_path / "usr", "20.20.2")
    assert node.present() == "Node.js 20.20.2, the machine's own"
    fake_node(tmp_path / "usr", "18.20.4")  # Debian 12's
    assert node.present() is None
    node.use()
    ours = tmp_path / "tools" / "node" / "bin"
    assert os.environ["PATH"].startswith(f"{ours}:")


def test_an_empty_folder_is_no_switch(tmp_path: Path) -> None:
    assert tree_version(tmp_path) == ""


def test_steps_say_what_was_there_and_what_was_made(capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps(2)
    steps.run("First", lambda: "there", lambda: pytest.fail("nothing to make"))
    steps.run("Second", lambda: None, lambda: "made")
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["[1/2] First: there", "[2/2] Second …", "      made (0 s)"]


def test_a_failing_command_shows_the_end_of_its_output(tmp_path: Path) -> None:
    script = "print('first'); print('no space left'); raise SystemExit(3)"
    with pytest.raises(StepFailed, match=r"(?s)unpacking failed \(exit 3\).*no space left.*Free"):
        run_watched(
            [sys.executable, "-c", script],
            what="unpacking",
            log=tmp_path / "x.log",
            advice="Free some space.",
        )


def test_a_missing_command_is_named(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="no-such-command is not on this machine"):
        run_watched(["no-such-command"], what="it", log=tmp_path / "x.log")
