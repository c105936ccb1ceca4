"""A-law (ITU-T G.711) by table, on whole arrays."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

RATE = 8000
"""Samples a second; one byte each."""

SILENCE = b"\xd5"
"""The code of a zero sample."""


def encode(samples: NDArray[np.int16]) -> bytes:
    """Compress 16-bit samples, one byte each."""
    return _encoding()[samples.astype(np.int32) + 32768].tobytes()


def decode(data: bytes) -> NDArray[np.int16]:
    """Expand to 16-bit samples."""
    return _decoding()[np.frombuffer(data, dtype=np.uint8)]


@cache
def _decoding() -> NDArray[np.int16]:
    codes = np.arange(256, dtype=np.int32) ^ 0x55
    exponent = (codes & 0x70) >> 4
    mantissa = codes & 0x0F
    magnitude = np.where(
        exponent == 0,
        (mantissa << 4) + 8,
        ((mantissa << 4) + 0x108) << np.maximum(exponent - 1, 0),
    )
    return np.where(codes & 0x80, magnitude, -magnitude).astype(np.int16)


@cache
def _encoding() -> NDArray[np.uint8]:
    values = np.arange(-32768, 32768, dtype=np.int32)
    # G.711 mirrors around minus one half: -1 is the first negative step, so -v-1, not -v.
    magnitude = np.where(values >= 0, values, -values - 1) >> 4
    exponent = np.zeros_like(magnitude)
    for bit in range(4, 11):
        exponent = np.where(magnitude >= 1 << bit, bit - 3, exponent)
    mantissa = np.where(exponent < 2, magnitude, magnitude >> np.maximum(exponent - 1, 0)) & 0x0F
    code = (exponent << 4) | mantissa
    code = np.where(values >= 0, code | 0x80, code)
    return (code ^ 0x55).astype(np.uint8)
