"""The embedded database in one file, and back from it: by the wheel's own programs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from hotline.db.embedded import programs
from hotline.kit.errors import HotlineError


class DumpFailedError(HotlineError):
    error_id = "dump-failed"
    title = "The database could not be written into a file, or read from it"
    title_zh = "数据库备份或恢复失败"


def dump(url: URL, file: Path) -> None:
    """Write the database into ``file``, for its owner alone to read; whole or not at all.

    Raises DumpFailedError.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            _run(["pg_dump", "--format=custom", *_where(url)], stdout=out.fileno())
            os.fsync(out.fileno())
        draft.replace(file)
    except OSError as error:
        raise DumpFailedError(f"{file}: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)


def load(url: URL, file: Path) -> None:
    """Bring what :func:`dump` wrote into an empty database, all or nothing.

    Raises DumpFailedError.
    """
    if not file.is_file():
        raise DumpFailedError(f"there is no file {file}")
    options = ["--exit-on-error", "--single-transaction", *_where(url)]
    _run(["pg_restore", *options, str(file)], stdout=subprocess.DEVNULL)


def has_people(url: URL) -> bool:
    """Whether anybody was ever entered in a database of the current schema."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            found = connection.execute(text("select exists (select from users)"))
            return bool(found.scalar_one())
    finally:
        engine.dispose()


def _where(url: URL) -> list[str]:
    return [f"--host={url.query['host']}", f"--username={url.username}", f"--dbname={url.database}"]


def _run(command: list[str], *, stdout: int) -> None:
    done = subprocess.run(
        [str(programs() / command[0]), *command[1:]],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DumpFailedError(done.stderr.strip()[-2000:])
