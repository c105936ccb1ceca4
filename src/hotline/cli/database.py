"""``hotline migrate``."""

from __future__ import annotations

from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from hotline.cli.output import load_settings, out
from hotline.db.migrate import migrate as bring_to_current
from hotline.home import Home
from hotline.kit.errors import UnavailableError
from hotline.wiring import (
    embedded_postgres,
    given_database_url,
    home_of,
    role_passwords,
    start_embedded,
)


class DatabaseUnreachableError(UnavailableError):
    error_id = "database-unreachable"
    title = "The database does not answer"
    title_zh = "数据库没有响应"


def migrate() -> None:
    """Bring the database to this version: roles, tables, policies.

    The user of HOTLINE_DATABASE_URL must own the database and may create roles. The embedded
    database is also migrated by every `hotline serve`.
    """
    settings = load_settings()
    home = home_of(settings)
    url = given_database_url(settings)
    if url is not None:
        _migrate(url, home)
        return
    home.lock()
    server = embedded_postgres(home)
    try:
        _migrate(start_embedded(server), home)
    finally:
        server.stop()
        home.unlock()


def _migrate(url: URL, home: Home) -> None:
    try:
        applied = bring_to_current(url, role_passwords(home))
    except OperationalError as error:
        raise DatabaseUnreachableError(
            f"{url.render_as_string(hide_password=True)}: {str(error.orig).strip()}\n"
            "Check HOTLINE_DATABASE_URL, and that this machine may connect."
        ) from error
    if applied:
        out.print(f"The database is now at revision {applied[-1]}.")
    else:
        out.print("The database is up to date.")
