"""Recordings kept in a folder: nothing is copied where a second name will do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from hotline.recordings.storage import FolderStorage, open_storage

KEY = "0b7c/2026/11/secret.wav"


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    storage = open_storage(f"file://{tmp_path}/kept")
    assert isinstance(storage, FolderStorage)
    return storage


async def kept(storage: FolderStorage) -> bytes:
    size = await storage.size(KEY)
    assert size is not None
    return b"".join([piece async for piece in storage.read(KEY, 0, size)])


def spool(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "call.wav"
    file.unlink(missing_ok=True)
    file.write_bytes(content)
    return file


async def test_a_file_is_kept_without_a_copy(storage: FolderStorage, tmp_path: Path) -> None:
    file = spool(tmp_path, b"first")
    storage.put(KEY, file)
    assert file.stat().st_nlink == 2
    file.unlink()
    assert await kept(storage) == b"first"
    assert os.listdir(tmp_path / "kept" / "0b7c" / "2026" / "11") == ["secret.wav"]
    await storage.delete(KEY)
    assert await storage.size(KEY) is None


async def test_what_was_kept_before_is_replaced(storage: FolderStorage, tmp_path: Path) -> None:
    storage.put(KEY, spool(tmp_path, b"first"))
    storage.put(KEY, spool(tmp_path, b"second"))
    assert await kept(storage) == b"second"


async def test_from_another_file_system_it_is_copied(
    storage: FolderStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(os, "link", refuse)
    file = spool(tmp_path, b"first")
    storage.put(KEY, file)
    assert file.stat().st_nlink == 1
    assert await kept(storage) == b"first"
