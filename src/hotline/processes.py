"""Other processes of this machine."""

from __future__ import annotations

import asyncio
import os


async def ended(pid: int) -> None:
    """Wait until that process has ended, a child of ours or not; it costs nothing meanwhile.

    A child of ours may still have to be reaped.
    """
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop = asyncio.get_running_loop()
    gone = asyncio.Event()
    loop.add_reader(handle, gone.set)
    try:
        await gone.wait()
    finally:
        loop.remove_reader(handle)
        os.close(handle)
