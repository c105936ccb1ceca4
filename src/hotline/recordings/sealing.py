"""Stored sounds that nobody reads who has the storage but not the key.

A sealed file is a header (magic, salt, length of the content) and pieces of 64 KiB, each by itself
encrypted and authenticated by AES-256-GCM, so that any part can be read without the rest. Each
file has a key of its own (HKDF-SHA256 of the master key and the file's salt), under which a
piece's number is its nonce. The header, the file's name and the piece's number are authenticated
with every piece: none can be cut off, moved or taken from another file unnoticed.
"""

from __future__ import annotations

import os
import struct
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hotline.kit.errors import HotlineError
from hotline.kit.ids import unguessable_name
from hotline.recordings.storage import RecordingStore

SEALED: Final = ".sealed"
"""Ends the key of a sealed file: what is sealed stays readable when the setting changes."""
PIECE: Final = 64 * 1024
_TAG: Final = 16
_HEADER: Final = struct.Struct(">4s32sQ")
_MAGIC: Final = b"HLS1"


class DamagedSoundError(HotlineError):
    status = 500
    error_id = "sound-damaged"
    title = "The stored sound was changed, or its key is another one"
    title_zh = "存储的录音已损坏，或密钥不符"


class _Header(NamedTuple):
    raw: bytes
    salt: bytes
    length: int


class SealedStorage:
    """A RecordingStore that seals what is kept under keys that end with SEALED.

    Other keys are passed on as they are.
    """

    def __init__(self, store: RecordingStore, master: bytes) -> None:
        """``master``: 32 secret bytes."""
        self._store = store
        self._master = master

    def put(self, key: str, file: Path) -> None:
        if not key.endswith(SEALED):
            self._store.put(key, file)
            return
        sealed = file.with_name(f".{unguessable_name()}{SEALED}")
        try:
            self._seal(key, file, sealed)
            self._store.put(key, sealed)
        finally:
            sealed.unlink(missing_ok=True)

    async def size(self, key: str) -> int | None:
        size = await self._store.size(key)
        if size is None or not key.endswith(SEALED):
            return size
        try:
            return (await self._header(key)).length
        except DamagedSoundError:
            return None

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Raises DamagedSoundError too."""
        if not key.endswith(SEALED):
            async for piece in self._store.read(key, start, end):
                yield piece
            return
        header = await self._header(key)
        if start >= min(end, header.length):
            return
        end = min(end, header.length)
        cipher = self._cipher(header.salt)
        number = start // PIECE
        async for sealed in self._sealed_pieces(key, header, number, (end - 1) // PIECE):
            try:
                plain = cipher.decrypt(_nonce(number), sealed, _bound(header.raw, key, number))
            except InvalidTag as error:
                raise DamagedSoundError from error
            begin = number * PIECE
            yield plain[max(0, start - begin) : end - begin]
            number += 1

    async def delete(self, key: str) -> None:
        await self._store.delete(key)

    async def _header(self, key: str) -> _Header:
        raw = b"".join([piece async for piece in self._store.read(key, 0, _HEADER.size)])
        if len(raw) != _HEADER.size or raw[:4] != _MAGIC:
            raise DamagedSoundError
        _, salt, length = _HEADER.unpack(raw)
        return _Header(raw, salt, length)

    async def _sealed_pieces(
        self, key: str, header: _Header, first: int, last: int
    ) -> AsyncIterator[bytes]:
        """From the ``first`` to the ``last``, each whole, whatever the storage reads at once."""
        step = PIECE + _TAG
        lengths = [min(PIECE, header.length - n * PIECE) + _TAG for n in range(first, last + 1)]
        begin = _HEADER.size + first * step
        kept = bytearray()
        async for read in self._store.read(key, begin, begin + sum(lengths)):
            kept += read
            while lengths and len(kept) >= lengths[0]:
                length = lengths.pop(0)
                yield bytes(kept[:length])
                del kept[:length]
        if lengths:
            raise DamagedSoundError

    def _cipher(self, salt: bytes) -> AESGCM:
        derive = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"hotline sound")
        return AESGCM(derive.derive(self._master))

    def _seal(self, key: str, source: Path, target: Path) -> None:
        salt = os.urandom(32)
        header = _HEADER.pack(_MAGIC, salt, source.stat().st_size)
        cipher = self._cipher(salt)
        with target.open("wb") as out:
            out.write(header)
            for number, piece in enumerate(_pieces(source)):
                out.write(cipher.encrypt(_nonce(number), piece, _bound(header, key, number)))


def _pieces(source: Path) -> Iterator[bytes]:
    with source.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _bound(header: bytes, key: str, number: int) -> bytes:
    """What a piece is authenticated together with."""
    return header + number.to_bytes(8, "big") + key.encode()
