"""Builds the adapters from the settings; with ``app`` and ``cli`` the only place that does."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from hotline.agents.directory import AgentDirectory
from hotline.agents.presence import AgentPresence
from hotline.calls.commands import CommandDesk
from hotline.calls.flow_lists import DatabaseLists
from hotline.calls.flow_parts import FlowParts, Web
from hotline.calls.ledger import Ledger
from hotline.calls.parts import Parts
from hotline.calls.repository import CallRepository
from hotline.calls.supervision_store import SupervisionStore
from hotline.calls.talk_parts import TalkParts, TalkReader
from hotline.db.database import Database
from hotline.db.direct import DirectPool
from hotline.db.embedded import EmbeddedPostgres, embedded_server_url
from hotline.db.listen import notifications
from hotline.db.migrate import APP_ROLE, PLATFORM_ROLE, SWITCH_ROLE, newest_revision
from hotline.home import Home
from hotline.kit.clock import Clock
from hotline.kit.errors import UnavailableError
from hotline.prompts.system import SystemSounds
from hotline.queues.floor import Floor
from hotline.queues.store import QueueStore
from hotline.recordings.sealing import SealedStorage
from hotline.recordings.storage import RecordingStore, open_storage
from hotline.settings import Settings
from hotline.speech.process import SpeechSettings
from hotline.speech.service import Speech
from hotline.speech.sounds import Sounds
from hotline.telephony.asterisk.configuration import Address as SwitchAddress
from hotline.telephony.asterisk.configuration import SwitchConfiguration, SwitchDatabase
from hotline.telephony.asterisk.dialplan import DialplanSettings, extensions_conf
from hotline.telephony.asterisk.engine import AriSwitch, EngineSettings
from hotline.telephony.asterisk.installation import (
    VERSIONS,
    Installation,
    SwitchNotInstalledError,
    extracted_installation,
    find_installation,
    system_installation,
)
from hotline.telephony.asterisk.process import SwitchProcess
from hotline.telephony.port import Switch

_DRIVER = "postgresql+psycopg"
_DATABASE = "hotline"
_PASSWORD_LENGTH = 48  # 192 bits; the switch's PostgreSQL driver cuts what is longer than 63


class NoDatabaseUrlError(UnavailableError):
    error_id = "no-database-url"
    title = "This role needs a database that several processes share"
    title_zh = "此角色需要多个进程共用的数据库"


class DatabaseNotReadyError(UnavailableError):
    error_id = "database-not-ready"
    title = "The database cannot be used by this version"
    title_zh = "数据库不可用或版本不符"


class NotRunningError(UnavailableError):
    error_id = "not-running"
    title = "Hotline does not run here now"
    title_zh = "Hotline 当前没有运行"


def home_of(settings: Settings) -> Home:
    """The state folder, made when it is missing. Raises HomeUnusableError."""
    secret = settings.secret.get_secret_value() if settings.secret else None
    home = Home(settings.home, secret=secret)
    home.create()
    return home


def role_passwords(home: Home) -> dict[str, str]:
    """The database roles' passwords, the same on every node of a site."""
    roles = (APP_ROLE, PLATFORM_ROLE, SWITCH_ROLE)
    return {role: home.derived_secret(f"database:{role}")[:_PASSWORD_LENGTH] for role in roles}


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


async def check_revision(url: URL, home: Home) -> None:
    """Raises DatabaseNotReadyError where the database is away or at another revision."""
    database = open_database(url, home)
    try:
        async with database.platform() as session:
            found = await session.execute(text("select version_num from alembic_version"))
            revision = found.scalar_one_or_none()
    except DBAPIError as error:
        raise DatabaseNotReadyError(
            f"{url.render_as_string(hide_password=True)}: {str(error.orig).strip()}\n"
            "Check HOTLINE_DATABASE_URL and HOTLINE_SECRET, and run `hotline migrate` once."
        ) from error
    finally:
        await database.close()
    if revision != newest_revision():
        raise DatabaseNotReadyError(f"it is at revision {revision}; run `hotline migrate`")


def reachable_database_url(settings: Settings, home: Home) -> URL:
    """The owner's URL of the site's running database. Raises NotRunningError."""
    url = given_database_url(settings) or running_embedded_url(home)
    if url is None:
        raise NotRunningError(
            f"the embedded database of {home.root} does not run; start `hotline serve` first"
        )
    return url


def embedded_postgres(home: Home) -> EmbeddedPostgres:
    return EmbeddedPostgres(home.pg)


def start_embedded(server: EmbeddedPostgres, *, anew: bool = False) -> URL:
    """Start the server and return the owner's URL of Hotline's database in it. Blocks.

    With ``anew`` it is an empty one.
    """
    server.start()
    return server.create_database(_DATABASE, anew=anew)


def running_embedded_url(home: Home) -> URL | None:
    """As above for a server that runs already; None where none does."""
    url = embedded_server_url(home.pg)
    return None if url is None else url.set(database=_DATABASE)


def open_database(url: URL, home: Home) -> Database:
    return Database(url, role_passwords(home))


def storage_url(settings: Settings, home: Home) -> str:
    """Where recordings go."""
    return settings.storage_url or home.recordings.as_uri()


def recording_store(settings: Settings, home: Home) -> RecordingStore:
    """What was sealed once is read whether or not new sounds are sealed."""
    given = settings.storage_secret
    purpose = "recordings"
    master = (
        hmac.digest(given.get_secret_value().encode(), purpose.encode(), "sha256")
        if given
        else bytes.fromhex(home.derived_secret(purpose))
    )
    return SealedStorage(open_storage(storage_url(settings, home)), master)


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
    if found is None or not found.is_new_enough():
        raise SwitchNotInstalledError(
            f"HOTLINE_SWITCH={settings.switch}, and there is none of version {VERSIONS}; "
            "run `make setup`"
        )
    return found


def switch_process(settings: Settings, home: Home, owner_url: URL) -> SwitchProcess:
    """The switch of this node, not started yet. Raises SwitchNotInstalledError."""
    configuration = SwitchConfiguration(
        node=settings.node,
        home=home.switch,
        sip=SwitchAddress(settings.sip.host, settings.sip.port),
        ari=SwitchAddress(settings.ari.host, settings.ari.port),
        rtp=(settings.rtp.first, settings.rtp.last),
        ari_password=home.derived_secret("ari"),
        sounds=home.sounds,
        spool=home.spool,
        external_host=settings.sip_external,
        database=_switch_database(owner_url, home),
    )
    dialplan = DialplanSettings(sounds=home.sounds, journal=journal_folder(home))
    return SwitchProcess(
        configuration, installation_of(settings), extensions_conf(dialplan), steered=True
    )


def journal_folder(home: Home) -> Path:
    """Where the switch writes down by itself how calls ended."""
    return home.spool / "journal"


def engine(
    settings: Settings, home: Home, clock: Clock, process: SwitchProcess | None = None
) -> AriSwitch:
    """Commands this node's switch, ``process`` or the one that HOTLINE_ARI_URL names."""
    url = urlsplit(settings.ari_url or f"http://{settings.ari}")
    return AriSwitch(
        EngineSettings(
            node=settings.node,
            url=f"{url.scheme}://{url.netloc.rpartition('@')[2]}",
            username=unquote(url.username or "hotline"),
            password=unquote(url.password) if url.password else home.derived_secret("ari"),
            sounds=home.sounds,
            journal=journal_folder(home),
            recordings=home.switch / "spool" / "recording",
        ),
        clock,
        process.registrations if process is not None else None,
    )


def call_parts(
    site_database: Database,
    home: Home,
    speech: Speech,
    announcements: SystemSounds,
    clock: Clock,
    *,
    switch: Switch,
    web: Web,
) -> tuple[Parts, Sequence[DirectPool]]:
    """What the calls of ``switch`` work with, and the connections to close after them."""
    # Losing the last moments of claims costs nothing: they are found again from the switch.
    quick = DirectPool(site_database.platform_url, durable=False)
    durable = DirectPool(site_database.platform_url)
    repository = CallRepository(quick, durable)
    parts = Parts(
        repository=repository,
        ledger=Ledger(repository, clock, rejected=home.spool / "rejected-events.jsonl"),
        sounds=_PresentSounds(speech.sounds),
        system_sounds=announcements,
        clock=clock,
        spool=home.spool,
        talks=talk_parts(switch, quick, site_database.platform_url, clock),
        floor=queue_floor(quick, site_database.platform_url, clock, switch.node),
        flows=FlowParts(DatabaseLists(quick), web),
    )
    return parts, (quick, durable)


def talk_parts(switch: Switch, pool: DirectPool, url: URL, clock: Clock) -> TalkParts:
    """``url`` is the platform's, for listening."""
    return TalkParts(
        switch=switch,
        presence=AgentPresence(pool, clock),
        directory=AgentDirectory(pool),
        desk=CommandDesk(pool, url, clock, switch.node),
        reader=TalkReader(pool),
        supervisions=SupervisionStore(pool, clock, switch.node),
    )


def queue_floor(pool: DirectPool, url: URL, clock: Clock, node: str) -> Floor:
    """Where callers of ``node`` wait; ``url`` is the platform's, for listening."""
    listening = partial(notifications, url, clock=clock, at_least_every=20.0)
    return Floor(QueueStore(pool), clock, node, listening)


def phone_socket(settings: Settings) -> str:
    """Where the switch takes SIP over WebSocket: at its HTTP server."""
    url = urlsplit(settings.ari_url or f"http://{settings.ari}")
    scheme = "wss" if url.scheme == "https" else "ws"
    return f"{scheme}://{url.netloc.rpartition('@')[2]}/ws"


class _PresentSounds:
    """The sounds that are on this machine now."""

    def __init__(self, sounds: Sounds) -> None:
        self._sounds = sounds

    def of(self, content_hash: str) -> Path | None:
        return self._sounds.of(content_hash) if self._sounds.fetch(content_hash) else None


def speech(settings: Settings, home: Home) -> Speech:
    """What turns texts into sounds; what was spoken once on this machine is not spoken again."""
    return Speech(
        SpeechSettings(
            voices_folder=voices_folder(settings),
            neural=settings.voice_provider == "kokoro",
            http=settings.voice_http,
        ),
        Sounds(home.sounds, cache=settings.tools / "spoken"),
        default_voice=settings.voice,
    )


def _switch_database(owner_url: URL, home: Home) -> SwitchDatabase:
    """Where the switch finds its SIP accounts, under a role that sees nothing else."""
    host = owner_url.host or str(owner_url.query.get("host", ""))
    is_socket = host.startswith("/")
    return SwitchDatabase(
        name=owner_url.database or _DATABASE,
        user=SWITCH_ROLE,
        password=role_passwords(home)[SWITCH_ROLE],
        host=None if is_socket or not host else host,
        port=owner_url.port or 5432,
        socket=Path(host) if is_socket else None,
    )
