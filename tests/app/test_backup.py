"""``hotline backup`` and ``restore``: from one state folder into another."""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from hotline.cli.database import NotEmptyError
from hotline.cli.program import program
from hotline.db.dumps import DumpFailedError
from hotline.db.embedded import EmbeddedPostgres


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, for the sockets in it."""
    with tempfile.TemporaryDirectory(prefix="hl-b-") as name:
        yield Path(name)


def hotline(home: Path, *command: str) -> Result:
    return CliRunner().invoke(program, command, env={"HOTLINE_HOME": str(home)})


def ask(home: Path, statement: str) -> object:
    """In a database whose Hotline does not run."""
    server = EmbeddedPostgres(home / "pg", die_with_parent=True)
    try:
        server.start()
        engine = create_engine(server.create_database("hotline"))
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            found = result.scalar() if result.returns_rows else None
        engine.dispose()
        return found
    finally:
        server.stop()


@pytest.mark.timeout(120)
def test_a_database_moves_into_a_new_folder(folder: Path) -> None:
    old, new, file = folder / "old", folder / "new", folder / "kept.dump"
    assert hotline(old, "migrate").exit_code == 0
    ask(
        old,
        "insert into users (id, login, name, role, status, password_hash)"
        " values (gen_random_uuid(), 'wang', '王', 'operator', 'active', 'x')",
    )
    assert hotline(old, "backup", str(file)).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    new.mkdir(mode=0o700)
    shutil.copy(old / "secret", new / "secret")
    torn = folder / "torn.dump"
    torn.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert isinstance(hotline(new, "restore", str(torn)).exception, DumpFailedError)
    assert hotline(new, "restore", str(file)).exit_code == 0
    assert ask(new, "select login from users") == "wang"
    assert isinstance(hotline(new, "restore", str(file)).exception, NotEmptyError)
    assert ask(new, "select relrowsecurity from pg_class where relname = 'calls'") is True
