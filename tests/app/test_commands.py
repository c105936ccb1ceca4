"""The table of commands against the commands, and what listing them loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hotline.cli.commands import COMMANDS, loaded


@pytest.mark.parametrize("name", COMMANDS)
def test_a_summary_is_how_the_command_s_own_help_begins(name: str) -> None:
    _, summary = COMMANDS[name]
    command = loaded(name)
    assert command.name == name
    assert " ".join(command.help.split("\n\n")[0].split()) == summary


def test_listing_the_commands_loads_none() -> None:
    listed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, atexit\n"
            "atexit.register(lambda: print('loaded:', 'sqlalchemy' in sys.modules))\n"
            "sys.argv = ['hotline', '--help']\n"
            "from hotline.cli import main\n"
            "main()",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert all(name in listed.stdout for name in COMMANDS)
    assert listed.stdout.endswith("loaded: False\n")
