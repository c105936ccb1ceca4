"""What the switch writes: ``.wav``, 8 kHz, 16 bit, mono, its lengths filled in at the end; two
voices apart as ``.raw``, the same samples of left and right in turn and no header."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from hotline.telephony.recorded import BYTES_A_SECOND, HEADER, RAW, duration_ms

_PIECE: Final = 1 << 20
_RAW_FRAME: Final = 4
_RAW_QUIET_SECONDS: Final = 2.0


class SpoolState(StrEnum):
    ABSENT = "absent"
    EMPTY = "empty"
    UNFINISHED = "unfinished"
    """The lengths in its header do not fit: still being written, or the switch was killed."""
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Measured:
    """What is worth knowing of a finished file."""

    size: int
    """In bytes."""
    duration_ms: int
    sha256: bytes


def state_of(path: Path, *, now: float) -> SpoolState:
    """Is it there and whole? ``now`` is the time of day, as files have it."""
    if path.suffix == RAW:
        return _state_of_raw(path, now)
    try:
        with path.open("rb") as file:
            header = file.read(HEADER)
            size = file.seek(0, 2)
    except FileNotFoundError:
        return SpoolState.ABSENT
    if size <= HEADER:
        return SpoolState.EMPTY
    if header[:4] != b"RIFF" or header[36:40] != b"data":
        return SpoolState.UNFINISHED
    (sound,) = struct.unpack("<I", header[40:44])
    # The format pads the data to an even number of bytes.
    return (
        SpoolState.COMPLETE if sound and abs(HEADER + sound - size) <= 1 else SpoolState.UNFINISHED
    )


def _state_of_raw(path: Path, now: float) -> SpoolState:
    """Nothing in it says that it is whole: it is when nobody has written to it for a while."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return SpoolState.ABSENT
    if status.st_size < _RAW_FRAME:
        return SpoolState.EMPTY
    quiet = now - status.st_mtime > _RAW_QUIET_SECONDS
    return SpoolState.COMPLETE if quiet else SpoolState.UNFINISHED


def repair(path: Path) -> None:
    """Write the header that the switch had no time for."""
    if path.suffix == RAW:
        return
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        sound = (size - HEADER) // 2 * 2
        file.truncate(HEADER + sound)
        file.seek(0)
        file.write(
            struct.pack(
                "<4sI4s4sIHHIIHH4sI",
                *(b"RIFF", HEADER - 8 + sound, b"WAVE", b"fmt ", 16, 1, 1),
                *(8000, BYTES_A_SECOND, 2, 16, b"data", sound),
            )
        )


def measure(path: Path) -> Measured:
    """Read it all once."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return Measured(size, duration_ms(path, size), digest.digest())
