"""``python3 -m install``: bring this machine to where Hotline runs; at once when it is there."""

from __future__ import annotations

import argparse
import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from install.console import ConsoleBuild
from install.debian import apt_install
from install.environment import setting, tools_folder
from install.node import NodeInstall
from install.progress import StepFailed, Steps, say
from install.python_env import PythonEnvironment, check_python
from install.switch import SwitchInstall
from install.voice import VoiceInstall, VoicePin

_CHECKOUT = Path(__file__).resolve().parent.parent


def main() -> int:
    arguments = _arguments()
    tools = tools_folder()
    try:
        wrong = check_python()
        if wrong:
            raise StepFailed(wrong)
        tools.mkdir(parents=True, exist_ok=True)
        with _alone(tools):
            _install(tools, bench=arguments.bench, test=arguments.test)
    except StepFailed as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. What was finished is kept; the same command goes on from there.")
        return 130
    return 0


def _install(tools: Path, *, bench: bool, test: bool) -> None:
    switch = SwitchInstall(tools, setting("HOTLINE_SWITCH", "auto"))
    voice = VoiceInstall(tools, VoicePin.read(_CHECKOUT / "install" / "voice.json"))
    python = PythonEnvironment(_CHECKOUT, tools / "logs")
    node = NodeInstall(_CHECKOUT, tools)
    steps = Steps(5 + bench + test)
    steps.run("Python environment", python.present, python.make)
    steps.run("Node.js", node.present, node.make)
    node.use()
    steps.run("Switch", switch.present, switch.make)
    steps.run("Voice", voice.present, voice.make)
    console = ConsoleBuild(_CHECKOUT, tools / "logs")
    steps.run("Console", console.present, console.make)
    if bench:
        load = LoadGenerator(tools)
        steps.run("Load generator", load.present, load.make)
    if test:
        browser = Browser(tools)
        steps.run("Browser", browser.present, browser.make)
    steps.finish()


class Browser:
    """Chromium and a font with Chinese, which only ``make test`` needs."""

    def __init__(self, tools: Path) -> None:
        self._logs = tools / "logs"

    def present(self) -> str | None:
        fonts = Path("/usr/share/fonts/opentype/noto")
        chromium = Path("/usr/bin/chromium")
        return str(chromium) if chromium.exists() and any(fonts.glob("*CJK*")) else None

    def make(self) -> str:
        apt_install(["chromium", "fonts-noto-cjk"], logs=self._logs)
        return "chromium"


class LoadGenerator:
    """SIPp, which only ``make bench`` needs."""

    def __init__(self, tools: Path) -> None:
        self._logs = tools / "logs"

    def present(self) -> str | None:
        path = next(
            (p for p in map(Path, ("/usr/bin/sipp", "/usr/local/bin/sipp")) if p.exists()), None
        )
        return None if path is None else str(path)

    def make(self) -> str:
        apt_install(["sip-tester"], logs=self._logs)
        return "sipp"


@contextmanager
def _alone(tools: Path) -> Iterator[None]:
    """Two installs at once on one machine wait for each other."""
    with (tools / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another install runs on this machine; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m install", description=__doc__)
    parser.add_argument("--bench", action="store_true", help="also what `make bench` needs")
    parser.add_argument("--test", action="store_true", help="also what `make test` needs")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
