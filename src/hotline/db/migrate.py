"""Bring a database to the current schema: roles first, then the migrations in order."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL

APP_ROLE = "hotline_app"
PLATFORM_ROLE = "hotline_platform"
SWITCH_ROLE = "hotline_switch"
_LOCK = 4_000_400  # any number, the same for every node


def migrate(owner_url: URL, passwords: dict[str, str]) -> list[str]:
    """Create the roles that are missing, set their passwords and run the missing migrations.

    ``owner_url`` (driver psycopg) needs CREATEROLE and owns the tables. ``passwords`` has one
    entry per role. Returns the revisions applied, in order. Safe to run on several nodes at once.
    """
    engine = create_engine(owner_url)
    try:
        with engine.connect() as connection:
            connection.execute(text("select pg_advisory_lock(:key)"), {"key": _LOCK})
            connection.commit()
            try:
                _ensure_roles(connection, passwords)
                return _upgrade(connection)
            finally:
                connection.rollback()
                connection.execute(text("select pg_advisory_unlock(:key)"), {"key": _LOCK})
                connection.commit()
    finally:
        engine.dispose()


def _ensure_roles(connection: Connection, passwords: dict[str, str]) -> None:
    for role in (APP_ROLE, PLATFORM_ROLE, SWITCH_ROLE):
        known = connection.execute(
            text("select 1 from pg_roles where rolname = :role"), {"role": role}
        ).scalar()
        verb = "alter" if known else "create"
        # Utility statements take no parameters; format() quotes.
        statement = connection.execute(
            text(
                f"select format('{verb} role %I login nosuperuser nobypassrls nocreatedb "
                "nocreaterole password %L', cast(:role as text), cast(:password as text))"
            ),
            {"role": role, "password": passwords[role]},
        ).scalar_one()
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(
        f"grant usage on schema public to {APP_ROLE}, {PLATFORM_ROLE}, {SWITCH_ROLE}"
    )
    connection.commit()


def newest_revision() -> str | None:
    """The revision that this version of Hotline works with."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _upgrade(connection: Connection) -> list[str]:
    config = _config()
    config.attributes["connection"] = connection
    before = _revision(connection)
    command.upgrade(config, "head")
    # Every node looks whether it fits before it starts.
    connection.exec_driver_sql(f"grant select on alembic_version to {PLATFORM_ROLE}")
    connection.commit()
    after = _revision(connection)
    return [] if before == after else [after or ""]


def _revision(connection: Connection) -> str | None:
    exists = connection.execute(text("select to_regclass('alembic_version')")).scalar()
    if not exists:
        return None
    row: str | None = connection.execute(text("select version_num from alembic_version")).scalar()
    connection.rollback()
    return row
