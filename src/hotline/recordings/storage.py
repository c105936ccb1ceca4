"""Where recordings are kept: a folder or an S3 bucket behind one interface."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

from hotline.kit.errors import UnavailableError

if TYPE_CHECKING:  # there for type checkers alone
    from obstore.store import RetryConfig

_CHUNK: Final = 256 * 1024
_RETRY: Final[RetryConfig] = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
"""Whoever keeps something tries again later by themselves."""


class StorageAway(UnavailableError):
    error_id = "storage-away"
    title = "The storage of recordings is not reachable now"
    title_zh = "录音存储暂时无法访问"


class RecordingStore(Protocol):
    """Files under keys. Each method raises StorageAway when it cannot do its work."""

    def put(self, key: str, file: Path) -> None:
        """Keep the file's content; over what was there before. Blocks: for a thread of its own."""

    async def size(self, key: str) -> int | None:
        """Bytes, or None where nothing is kept."""

    def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from ``start`` to before ``end``, in pieces."""

    async def delete(self, key: str) -> None:
        """Harmless where nothing is kept."""


class ObjectStorage:
    """A RecordingStore on any store that obstore opens."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def put(self, key: str, file: Path) -> None:
        try:
            obstore.put(self._store, key, file)
        except (BaseError, FileNotFoundError) as error:  # the latter also for want of the bucket
            raise StorageAway(str(error)) from error

    async def size(self, key: str) -> int | None:
        try:
            return (await obstore.head_async(self._store, key))["size"]
        except FileNotFoundError:
            return None
        except BaseError as error:
            raise StorageAway(str(error)) from error

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        try:
            for at in range(start, end, _CHUNK):
                until = min(at + _CHUNK, end)
                found = await obstore.get_range_async(self._store, key, start=at, end=until)
                yield bytes(found)
        except (BaseError, FileNotFoundError) as error:
            raise StorageAway(str(error)) from error

    async def delete(self, key: str) -> None:
        try:
            await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return
        except BaseError as error:
            raise StorageAway(str(error)) from error


class FolderStorage(ObjectStorage):
    """A RecordingStore in a folder of this machine."""

    def __init__(self, folder: Path) -> None:
        super().__init__(LocalStore(folder))
        self._folder = folder

    def put(self, key: str, file: Path) -> None:
        """Keep ``file`` under a second name, where one file system has both: nothing is copied.

        It must not be written to any more.
        """
        try:
            self._link(key, file)
        except OSError:  # another file system, or something is kept there already
            super().put(key, file)

    def _link(self, key: str, file: Path) -> None:
        kept = self._folder / key
        try:
            os.link(file, kept)
        except FileNotFoundError:  # the first of its month
            kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.link(file, kept)


def open_storage(url: str) -> ObjectStorage:
    """``file:///folder``, ``s3://bucket/prefix`` (credentials by AWS_* variables) or ``memory://``.

    Raises ValueError for another kind of address.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        folder = Path(unquote(parts.path))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return FolderStorage(folder)
    if parts.scheme == "s3":
        prefix = parts.path.strip("/") or None
        return ObjectStorage(S3Store(parts.netloc, prefix=prefix, retry_config=_RETRY))
    if parts.scheme == "memory":
        return ObjectStorage(MemoryStore())
    raise ValueError(f"recordings cannot be kept at {parts.scheme}://")
