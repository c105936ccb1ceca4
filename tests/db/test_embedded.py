"""The embedded server: its life, and what a kill leaves behind."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from hotline.db.embedded import EmbeddedPostgres, PostgresTroubleError


@pytest.fixture
def folder() -> Iterator[Path]:
    """Closed to others, as a state folder is."""
    with tempfile.TemporaryDirectory(prefix="hl-", ignore_cleanup_errors=True) as name:
        yield Path(name) / "pg"


def ask(url: URL, statement: str) -> object:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            result = connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None
    finally:
        engine.dispose()


def postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def test_state_survives_stop_takeover_and_kill(folder: Path) -> None:
    first = EmbeddedPostgres(folder, die_with_parent=True)
    url = first.start()
    assert ask(url, "show jit") == "off"
    assert ask(url, "show listen_addresses") == ""
    ask(url, "create table kept as select 1 as one")

    # One that comes after a killed Hotline finds the server running and takes it over.
    successor = EmbeddedPostgres(folder)
    assert successor.start() == url
    successor.stop()
    assert not (folder / "data" / "postmaster.pid").exists()
    first.stop()

    # The server itself is killed: its log is replayed.
    third = EmbeddedPostgres(folder, die_with_parent=True)
    url = third.start()
    ask(url, "insert into kept values (2)")
    os.kill(postmaster(folder), signal.SIGKILL)
    third.stop()
    fourth = EmbeddedPostgres(folder, die_with_parent=True)
    try:
        assert ask(fourth.start(), "select count(*) from kept") == 2
    finally:
        fourth.stop()
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


def test_a_long_path_gets_its_socket_elsewhere(folder: Path) -> None:
    deep = folder / ("d" * 90)
    server = EmbeddedPostgres(deep, die_with_parent=True)
    try:
        url = server.start()
        assert ask(url, "select 1") == 1
        sockets = Path(str(url.query["host"]))
        assert len(str(sockets)) < 40
    finally:
        server.stop()
    assert not sockets.exists()


def test_a_broken_folder_says_what_the_log_says(folder: Path) -> None:
    server = EmbeddedPostgres(folder, die_with_parent=True)
    server.start()
    server.stop()
    (folder / "data" / "global" / "pg_control").unlink()
    with pytest.raises(PostgresTroubleError, match="pg_control"):
        EmbeddedPostgres(folder, die_with_parent=True).start()


def test_a_server_whose_folder_was_taken_away_ends_and_is_not_replaced_by_an_empty_one(
    folder: Path,
) -> None:
    server = EmbeddedPostgres(folder, die_with_parent=True, durable=False)
    server.start()
    shutil.rmtree(folder)
    with pytest.raises(PostgresTroubleError, match="disappeared"):
        EmbeddedPostgres(folder).start(again=True)
    server.stop()
    assert server.pid is None
