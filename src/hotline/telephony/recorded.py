"""The form of the switch's recordings, see :class:`port.RecordSpec`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

HEADER: Final = 44
"""Bytes before the sound of a ``.wav``."""
RAW: Final = ".raw"
BYTES_A_SECOND: Final = 16_000
"""Of a ``.wav``."""
_RAW_BYTES_A_SECOND: Final = 2 * BYTES_A_SECOND


def duration_ms(path: Path, size: int) -> int:
    """How long the recording ``path`` lasts when it has ``size`` bytes, finished or not."""
    header, rate = (0, _RAW_BYTES_A_SECOND) if path.suffix == RAW else (HEADER, BYTES_A_SECOND)
    return round(max(0, size - header) * 1000 / rate)
