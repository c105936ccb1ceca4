"""What every test may ask for: a real database, emptied for each test."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import URL

from hotline.db.database import Database
from hotline.db.embedded import EmbeddedPostgres
from hotline.db.migrate import APP_ROLE, PLATFORM_ROLE, SWITCH_ROLE, migrate
from hotline.logs import configure_logs

pytest_plugins = ["tests.api_world"]

LOG_LEVEL = "info"
PASSWORDS = {role: f"test-{role}" for role in (APP_ROLE, PLATFORM_ROLE, SWITCH_ROLE)}


@pytest.fixture(scope="session", autouse=True)
def logs() -> Iterator[None]:
    """Tests log as the program does: no value of a variable comes into a traceback."""
    configure_logs(None, LOG_LEVEL)
    yield
    logging.getLogger().handlers.clear()


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """A server of this test run's own, in a short folder (sockets have short names)."""
    with tempfile.TemporaryDirectory(prefix="hl-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder) / "pg", die_with_parent=True, durable=False)
        yield server.start()
        server.stop()


def run_as_owner(url: URL, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture(scope="session")
def template(postgres: URL) -> URL:
    """A migrated database that others are copied from."""
    run_as_owner(postgres, "create database hotline_template")
    migrate(postgres.set(database="hotline_template"), PASSWORDS)
    return postgres


@pytest.fixture
def database_url(template: URL) -> Iterator[URL]:
    """The owner's URL of a fresh, migrated database."""
    name = f"t_{uuid4().hex}"
    run_as_owner(template, f"create database {name} template hotline_template")
    yield template.set(database=name)
    run_as_owner(template, f"drop database {name} with (force)")


@pytest.fixture
async def database(database_url: URL) -> AsyncIterator[Database]:
    """A fresh database, as the application opens it."""
    database = Database(database_url, PASSWORDS)
    yield database
    await database.close()
