"""The switch's own console, for the few facts that its other interfaces do not tell."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.asterisk.management import ManagementUnreachable

_TIMEOUT = 5.0
_REGISTRATION = re.compile(r"^ *(\S+)-registration/\S*\s+\S+\s+([A-Z][a-z]+)\b", re.MULTILINE)


async def say(installation: Installation, main_file: Path, command: str) -> str:
    """What the running switch of ``main_file`` answers. Raises ManagementUnreachable."""
    try:
        process = await asyncio.create_subprocess_exec(
            *installation.command,
            *("-C", str(main_file), "-rx", command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError as error:
        raise ManagementUnreachable(f"its console cannot be opened: {error}") from error
    try:
        async with asyncio.timeout(_TIMEOUT):
            output, _ = await process.communicate()
    except TimeoutError as error:
        raise ManagementUnreachable("its console does not answer") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise ManagementUnreachable("its console is closed")
    return output.decode(errors="replace")


def registrations(listing: str) -> dict[str, bool]:
    """Carrier → let in, of what ``pjsip list registrations`` says."""
    return {name: state == "Registered" for name, state in _REGISTRATION.findall(listing)}
