"""Builds the adapters from the settings; with ``app`` and ``cli`` the only place that does."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url

from hotline.db.database import Database
from hotline.db.embedded import EmbeddedPostgres, embedded_server_url
from hotline.db.migrate import APP_ROLE, PLATFORM_ROLE, SWITCH_ROLE
from hotline.home import Home
from hotline.kit.errors import UnavailableError
from hotline.settings import Settings
from hotline.telephony.asterisk.installation import (
    OLDEST_VERSION,
    Installation,
    SwitchNotInstalledError,
    extracted_installation,
    find_installation,
    system_installation,
)

_DRIVER = "postgresql+psycopg"
_DATABASE = "hotline"


class NoDatabaseUrlError(UnavailableError):
    error_id = "no-database-url"
    title = "This role needs a database that several processes share"
    title_zh = "此角色需要多个进程共用的数据库"


def home_of(settings: Settings) -> Home:
    """The state folder, made when it is missing. Raises HomeUnusableError."""
    secret = settings.secret.get_secret_value() if settings.secret else None
    home = Home(settings.home, secret=secret)
    home.create()
    return home


def role_passwords(home: Home) -> dict[str, str]:
    """The database roles' passwords, the same on every node of a site."""
    roles = (APP_ROLE, PLATFORM_ROLE, SWITCH_ROLE)
    return {role: home.derived_secret(f"database:{role}") for role in roles}


def given_database_url(settings: Settings) -> URL | None:
    """The owner's URL from the settings, for our driver; None: the embedded server is used."""
    if settings.database_url is None:
        return None
    return make_url(settings.database_url).set(drivername=_DRIVER)


def shared_database_url(settings: Settings) -> URL:
    """As above where roles run apart. Raises NoDatabaseUrlError."""
    url = given_database_url(settings)
    if url is None:
        raise NoDatabaseUrlError(
            "set HOTLINE_DATABASE_URL, for example postgresql://hotline@db.example/hotline; "
            "`hotline serve` needs none"
        )
    return url


def embedded_postgres(home: Home) -> EmbeddedPostgres:
    return EmbeddedPostgres(home.pg)


def start_embedded(server: EmbeddedPostgres) -> URL:
    """Start the server and return the owner's URL of Hotline's database in it. Blocks."""
    server.start()
    return server.create_database(_DATABASE)


def running_embedded_url(home: Home) -> URL | None:
    """As above for a server that runs already; None where none does."""
    url = embedded_server_url(home.pg)
    return None if url is None else url.set(database=_DATABASE)


def open_database(url: URL, home: Home) -> Database:
    return Database(url, role_passwords(home))


def storage_url(settings: Settings, home: Home) -> str:
    """Where recordings go."""
    return settings.storage_url or f"file://{home.recordings}"


def voices_folder(settings: Settings) -> Path:
    return settings.tools / "voice"


def installation_of(settings: Settings) -> Installation:
    """The Asterisk that HOTLINE_SWITCH chooses. Raises SwitchNotInstalledError."""
    if settings.switch == "auto":
        return find_installation(settings.tools)
    if settings.switch == "system":
        found = system_installation()
    else:
        found = extracted_installation(settings.tools / "switch")
    if found is None or int(found.version().split(".")[0]) < OLDEST_VERSION:
        raise SwitchNotInstalledError(
            f"HOTLINE_SWITCH={settings.switch}, and there is none of version {OLDEST_VERSION} or "
            "newer; run `make setup`"
        )
    return found
