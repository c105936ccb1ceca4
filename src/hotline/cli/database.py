"""``hotline migrate``, ``backup`` and ``restore``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from hotline.cli.output import load_settings, out
from hotline.db.dumps import DumpFailedError, dump, has_people, load
from hotline.db.embedded import EmbeddedPostgres
from hotline.db.migrate import migrate as bring_to_current
from hotline.home import Home
from hotline.kit.errors import ConflictError, UnavailableError
from hotline.settings import Settings
from hotline.wiring import (
    embedded_postgres,
    given_database_url,
    home_of,
    role_passwords,
    running_embedded_url,
    start_embedded,
)


class DatabaseUnreachableError(UnavailableError):
    error_id = "database-unreachable"
    title = "The database does not answer"
    title_zh = "数据库没有响应"


class NotEmptyError(ConflictError):
    error_id = "not-empty"
    title = "The state folder is not new"
    title_zh = "状态目录不是空的"


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
    with _alone(home) as server:
        _migrate(start_embedded(server), home)


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it; what is there is replaced.")],
) -> None:
    """Write the embedded database into one file, whether Hotline runs or not.

    Keep HOTLINE_HOME/secret, recordings and uploaded sounds besides.
    """
    settings = load_settings()
    home = home_of(settings)
    _refuse_own_server(settings)
    url = running_embedded_url(home)
    if url is not None:
        dump(url, file.absolute())
    else:
        with _alone(home) as server:
            dump(start_embedded(server), file.absolute())
    out.print(f"Written to {escape(str(file))}, {file.stat().st_size / 1e6:.1f} MB.")


def restore(
    file: Annotated[Path, typer.Argument(help="What `hotline backup` wrote.")],
) -> None:
    """Bring a backup into the embedded database of a new state folder, while nothing runs in it.

    Put the old HOTLINE_HOME/secret there first. A backup of an earlier version is brought to this
    one; one with people in it already is left alone.
    """
    settings = load_settings()
    home = home_of(settings)
    _refuse_own_server(settings)
    with _alone(home) as server:
        url = start_embedded(server)
        bring_to_current(url, role_passwords(home))  # roles belong to the server, not to the file
        if has_people(url):
            raise NotEmptyError(
                f"{home.root} has people in it; restore into a new folder (HOTLINE_HOME)"
            )
        load(start_embedded(server, anew=True), file.absolute())
        bring_to_current(url, role_passwords(home))
    out.print(f"{escape(str(file))} is now the database of {escape(str(home.root))}.")


def _refuse_own_server(settings: Settings) -> None:
    if given_database_url(settings) is not None:
        raise DumpFailedError(
            "HOTLINE_DATABASE_URL names a PostgreSQL of your own: use its pg_dump and pg_restore."
        )


@contextmanager
def _alone(home: Home) -> Iterator[EmbeddedPostgres]:
    """The embedded server, not started yet, that nobody else uses. Raises HomeInUseError."""
    home.lock()
    server = embedded_postgres(home)
    try:
        yield server
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
