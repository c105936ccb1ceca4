"""Cut a TCP connection of another process, as a broken network does."""

from __future__ import annotations

import ctypes
import os
import socket
from pathlib import Path

_PIDFD_GETFD = 438  # the same number on every architecture


def cut_connections(pid: int, host: str, port: int) -> int:
    """Shut down every connection of our child ``pid`` to that address; how many."""
    wanted = f"{int.from_bytes(socket.inet_aton(host), 'little'):08X}:{port:04X}"
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inodes = {f"socket:[{row[9]}]" for row in rows if row[2] == wanted}
    handle = os.pidfd_open(pid)
    try:
        numbers = [
            int(entry.name)
            for entry in Path(f"/proc/{pid}/fd").iterdir()
            if os.readlink(entry) in inodes
        ]
        for number in numbers:
            with socket.socket(fileno=_copy(handle, number)) as connection:
                connection.shutdown(socket.SHUT_RDWR)
    finally:
        os.close(handle)
    return len(numbers)


def _copy(handle: int, number: int) -> int:
    """Our own descriptor of what the other process has open under ``number``."""
    libc = ctypes.CDLL(None, use_errno=True)
    copied: int = libc.syscall(_PIDFD_GETFD, handle, number, 0)
    if copied < 0:
        raise OSError(ctypes.get_errno(), "pidfd_getfd")
    return copied
