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
PAGE = "on the page"
"""The part of a report that says what a browser showed when its test failed."""
PASSWORDS = {role: f"test-{role}" for role in (APP_ROLE, PLATFORM_ROLE, SWITCH_ROLE)}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why a test was tried again: who passes the second time has a fault all the same."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.write_sep("-", f"tried again: {report.nodeid}")
        terminalreporter.write_line(report.longreprtext)
        for name, text in report.sections:
            if name == PAGE:
                terminalreporter.write_line(f"{name}:\n{text}")


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


_EMPTY = """
do $$
declare
  name text;
begin
  perform pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid();
  set local session_replication_role = replica;  -- neither triggers nor references in the way
  for name in select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables
      where schemaname in ('public', 'jobs')
        and tablename not in ('alembic_version', 'scope_secret', 'call_events') loop
    execute 'delete from ' || name;
  end loop;
  -- Events of one instant are read as they were written, which room that was freed would upset.
  truncate call_events;
  perform setval(
      (quote_ident(schemaname) || '.' || quote_ident(sequencename))::regclass, start_value, false)
    from pg_sequences where last_value is not null;
end $$
"""


@pytest.fixture(scope="session")
def emptied(template: URL) -> URL:
    """One migrated database for all tests of this process: emptying costs less than copying."""
    name = f"t_{uuid4().hex}"
    run_as_owner(template, f"create database {name} template hotline_template strategy wal_log")
    return template.set(database=name)


@pytest.fixture
def database_url(emptied: URL) -> Iterator[URL]:
    """The owner's URL of a migrated database that holds nothing; no connection outlives a test."""
    yield emptied
    run_as_owner(emptied, _EMPTY)


@pytest.fixture
async def database(database_url: URL) -> AsyncIterator[Database]:
    """An empty database, as the application opens it."""
    database = Database(database_url, PASSWORDS)
    yield database
    await database.close()
