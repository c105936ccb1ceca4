"""Frames of the WebSocket protocol (RFC 6455 §5) as a client writes and reads them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final, TypeAlias

from websockets.speedups import apply_mask

CONTINUATION: Final = 0
TEXT: Final = 1
CLOSE: Final = 8
PING: Final = 9
PONG: Final = 10
_OPCODES: Final = frozenset({CONTINUATION, TEXT, 2, CLOSE, PING, PONG})

Frames: TypeAlias = Sequence[tuple[int, bool, bytes]]
"""Opcode, whether it ends its message, payload."""

_FINAL, _MASKED = 0x80, 0x80
_TWO_BYTES, _EIGHT_BYTES = 126, 127


def frame(opcode: int, payload: bytes) -> bytes:
    """A whole message, or a control frame, masked as a client must."""
    size = len(payload)
    if size < _TWO_BYTES:
        head = bytes((_FINAL | opcode, _MASKED | size))
    elif size < 1 << 16:
        head = bytes((_FINAL | opcode, _MASKED | _TWO_BYTES)) + size.to_bytes(2)
    else:
        head = bytes((_FINAL | opcode, _MASKED | _EIGHT_BYTES)) + size.to_bytes(8)
    mask = os.urandom(4)
    return head + mask + apply_mask(payload, mask)


class FrameReader:
    """Cuts what a server sends into frames."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Frames:
        """The frames that ``data`` completes. Raises ValueError for what is no frame."""
        if self._rest:
            data = self._rest + data
        frames = []
        start, end = 0, len(data)
        while end - start >= 2:
            first, size = data[start], data[start + 1]
            opcode = first & 0x0F
            if first & 0x70 or opcode not in _OPCODES or size & _MASKED:
                raise ValueError("not a frame of a server without extensions")
            body = start + 2
            if size >= _TWO_BYTES:
                width = 2 if size == _TWO_BYTES else 8
                if end - body < width:
                    break
                size = int.from_bytes(data[body : body + width])
                body += width
            if end - body < size:
                break
            frames.append((opcode, bool(first & _FINAL), data[body : body + size]))
            start = body + size
        self._rest = data[start:]
        return frames
