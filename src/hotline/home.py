"""The state folder: its parts, its one secret, and the lock that keeps two Hotlines apart."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from hotline.kit.errors import ConflictError, HotlineError

_PARTS = ("pg", "switch", "sounds", "spool", "recordings", "logs")
_SECRET_BYTES = 32


class HomeInUseError(ConflictError):
    error_id = "home-in-use"
    title = "Another Hotline runs in this state folder"
    title_zh = "另一个 Hotline 正在使用此状态目录"


class HomeUnusableError(HotlineError):
    error_id = "home-unusable"
    title = "The state folder cannot be used"
    title_zh = "状态目录无法使用"


class Home:
    """One Hotline's state on this machine.

    Every password between our own parts is derived from one master secret, so that a node needs
    no more than that secret to join the others.
    """

    def __init__(self, root: Path, *, secret: str | None = None) -> None:
        """``secret`` stands in for the one that the folder keeps (nodes of one site share it)."""
        self.root = root
        self._given_secret = secret
        self._lock: int | None = None

    @property
    def pg(self) -> Path:
        return self.root / "pg"

    @property
    def switch(self) -> Path:
        return self.root / "switch"

    @property
    def sounds(self) -> Path:
        return self.root / "sounds"

    @property
    def spool(self) -> Path:
        return self.root / "spool"

    @property
    def recordings(self) -> Path:
        return self.root / "recordings"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def logins(self) -> Path:
        """Where the first passwords of the sample people are kept until someone removes it."""
        return self.root / "first-logins.txt"

    def create(self) -> None:
        """Make the folder and its parts, closed to others. Raises HomeUnusableError."""
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            for part in _PARTS:
                (self.root / part).mkdir(exist_ok=True, mode=0o700)
            if self._given_secret is None:
                self._keep_secret()
        except OSError as error:
            raise HomeUnusableError(
                f"{self.root}: {error.strerror}; choose another folder with HOTLINE_HOME"
            ) from error

    def lock(self) -> None:
        """Hold the folder until :meth:`unlock` or the process's end. Raises HomeInUseError."""
        file = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(file, 20).decode(errors="replace").strip()
            os.close(file)
            raise HomeInUseError(
                f"{self.root} is used by process {holder or '?'}; stop it, or choose another "
                "folder with HOTLINE_HOME"
            ) from error
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._lock = file

    def unlock(self) -> None:
        """Let go of the folder; calling it twice is harmless."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def derived_secret(self, purpose: str) -> str:
        """A secret of 256 bits for ``purpose``, the same on every node that shares the master's."""
        digest = hmac.new(self._master(), purpose.encode(), hashlib.sha256)
        return digest.hexdigest()

    def _master(self) -> bytes:
        if self._given_secret is not None:
            return self._given_secret.encode()
        return self._secret_file.read_bytes()

    @property
    def _secret_file(self) -> Path:
        return self.root / "secret"

    def _keep_secret(self) -> None:
        """Write a new master secret unless there is one; never a half one, never over another."""
        if self._secret_file.exists():
            return
        draft = self.root / f".secret-{os.getpid()}"
        write_private(draft, secrets.token_urlsafe(_SECRET_BYTES))
        with suppress(FileExistsError):
            os.link(draft, self._secret_file)
        draft.unlink()


def write_private(path: Path, text: str) -> None:
    """Write ``text`` into a file that only its owner may read, replacing what was there."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        os.fchmod(stream.fileno(), 0o600)
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
