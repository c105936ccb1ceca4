"""Sealed sounds: read in any part with the key, by nobody without it, never changed unnoticed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hotline.recordings.sealing import PIECE, SEALED, DamagedSoundError, SealedStorage
from hotline.recordings.storage import ObjectStorage, StorageAway, open_storage

KEY = f"e/2026/11/name.mp3{SEALED}"
CONTENT = os.urandom(3 * PIECE + 1234)


@pytest.fixture
def plain(tmp_path: Path) -> ObjectStorage:
    return open_storage(f"file://{tmp_path}/kept")


@pytest.fixture
async def sealed(plain: ObjectStorage, tmp_path: Path) -> SealedStorage:
    source = tmp_path / "source.mp3"
    source.write_bytes(CONTENT)
    storage = SealedStorage(plain, b"k" * 32)
    storage.put(KEY, source)
    assert [path.name for path in tmp_path.glob(".*")] == []
    return storage


async def read(storage: SealedStorage, start: int, end: int, key: str = KEY) -> bytes:
    return b"".join([piece async for piece in storage.read(key, start, end)])


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (0, len(CONTENT)),
        (0, 1),
        (PIECE - 1, PIECE + 1),
        (PIECE, 2 * PIECE),
        (3 * PIECE + 1233, len(CONTENT)),
        (5, 3 * PIECE + 5),
        (len(CONTENT) - 10, len(CONTENT) + 999),
        (len(CONTENT), len(CONTENT) + 5),
        (7, 7),
    ],
)
async def test_any_part_is_read(sealed: SealedStorage, start: int, end: int) -> None:
    assert await read(sealed, start, end) == CONTENT[start:end]
    assert await sealed.size(KEY) == len(CONTENT)


async def test_the_storage_has_nothing_of_it(
    sealed: SealedStorage, plain: ObjectStorage, tmp_path: Path
) -> None:
    [file] = [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    kept = file.read_bytes()
    assert all(CONTENT[at : at + 16] not in kept for at in range(0, len(CONTENT), 4096))
    other = SealedStorage(plain, b"x" * 32)
    with pytest.raises(DamagedSoundError):
        await read(other, 0, 10)


@pytest.mark.parametrize("at", [4, 40, 44, 45 + PIECE, -1])
async def test_a_changed_byte_is_found(sealed: SealedStorage, tmp_path: Path, at: int) -> None:
    [file] = [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    kept = bytearray(file.read_bytes())
    kept[at] ^= 1
    file.write_bytes(kept)
    with pytest.raises(DamagedSoundError):
        await read(sealed, 0, len(CONTENT))


async def test_neither_cut_nor_put_under_another_name(
    sealed: SealedStorage, tmp_path: Path
) -> None:
    [file] = [path for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    file.with_name(f"other{SEALED}").write_bytes(file.read_bytes())
    with pytest.raises(DamagedSoundError):
        await read(sealed, 0, 10, f"e/2026/11/other{SEALED}")
    file.write_bytes(file.read_bytes()[: 44 + PIECE + 16])
    with pytest.raises((DamagedSoundError, StorageAway)):
        await read(sealed, 0, len(CONTENT))


async def test_what_was_kept_before_stays_readable(
    sealed: SealedStorage, plain: ObjectStorage, tmp_path: Path
) -> None:
    plain.put("old.wav", tmp_path / "source.mp3")
    assert await read(sealed, 3, 9, "old.wav") == CONTENT[3:9]
    await sealed.delete(KEY)
    assert await sealed.size(KEY) is None
