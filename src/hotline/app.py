"""Puts Hotline together: parts start in order, are watched, and stop in reverse.

``hotline serve`` runs the three roles in one process; a larger site runs each by itself on as
many machines as it needs. Both go through :func:`running`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy.engine import URL

from hotline.agents.keeper import PresenceKeeper
from hotline.agents.presence import AgentPresence
from hotline.api.app import create_app
from hotline.api.console import built_console
from hotline.api.parts import ApiParts, ApiSettings
from hotline.calls.flow_lists import AllowedWeb
from hotline.calls.spoken_ahead import SpokenAhead
from hotline.calls.supervisor import Supervisor
from hotline.db.database import Database
from hotline.db.direct import DirectPool
from hotline.db.migrate import migrate
from hotline.home import Home
from hotline.jobs.queue import JobQueue
from hotline.jobs.worker import Worker
from hotline.kit.clock import Clock, SystemClock
from hotline.lifecycle import Watched, WebServer, kill_if_alive, listen
from hotline.nodes.keeper import CommandedSwitch, NodeKeeper
from hotline.nodes.rules import SiteRole
from hotline.outbound.addresses import AddressGuard
from hotline.outbound.client import OutboundClient
from hotline.processes import ended
from hotline.prompts.jobs import PromptJobs
from hotline.prompts.system import SystemSounds
from hotline.recordings.ingest import RecordingIngest
from hotline.recordings.keeping import KeepingJobs
from hotline.recordings.service import erase_job
from hotline.recordings.storage import RecordingStore
from hotline.seeds import SeedTools, is_new
from hotline.settings import Settings
from hotline.speech.service import Speech
from hotline.staff.jobs import StaffJobs
from hotline.staff.passwords import Passwords
from hotline.telephony.asterisk.process import SwitchProcess
from hotline.trunks import TrunkKeeper
from hotline.webhooks.jobs import WebhookJobs
from hotline.webhooks.service import QUEUE as WEBHOOK_QUEUE
from hotline.wiring import (
    call_parts,
    check_revision,
    embedded_postgres,
    engine,
    given_database_url,
    open_database,
    phone_socket,
    recording_store,
    role_passwords,
    shared_database_url,
    speech,
    start_embedded,
    switch_process,
)

_log = structlog.get_logger(__name__)
_SERVER_ENDS_SECONDS = 0.5
"""For what is left of a server that has died; another cannot start beside it."""
_RECORDINGS_WAIT_SECONDS = 30.0
"""For a statement about recordings."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Which of the three this process plays."""

    api: bool = False
    switch: bool = False
    worker: bool = False

    @property
    def all(self) -> bool:
        return self.api and self.switch and self.worker

    @property
    def names(self) -> tuple[SiteRole, ...]:
        return tuple(role for role in SiteRole if getattr(self, role))


ALL_ROLES = Roles(api=True, switch=True, worker=True)


@dataclass(kw_only=True)
class Site:
    """A running Hotline."""

    settings: Settings
    home: Home
    clock: Clock
    database: Database
    watched: Watched
    is_new: bool
    """Whether the database was empty before."""
    say: Callable[[str], None]
    speech: Speech
    announcements: SystemSounds
    queue: JobQueue
    recordings: RecordingStore
    switch: SwitchProcess | None = None
    """The one that we have started."""
    commanded: CommandedSwitch | None = None
    metrics: CollectorRegistry = field(default_factory=CollectorRegistry)

    def seed_tools(self) -> SeedTools:
        return SeedTools(self.clock, self.speech, self.queue, Passwords())


@asynccontextmanager
async def running(
    settings: Settings,
    home: Home,
    roles: Roles,
    *,
    say: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[Site]:
    """Everything the roles need, up and answering; stopped in reverse at the block's end.

    ``say`` gets a line for each part that has started. Raises a HotlineError that says what to
    do where a part cannot start; what had started is stopped again.
    """
    home.lock()
    async with AsyncExitStack() as stack:
        stack.callback(home.unlock)
        clock = SystemClock()
        sock = listen(settings.http, "HOTLINE_HTTP") if roles.api else None
        if sock is not None:
            stack.callback(sock.close)
        watched = Watched()
        url = await _open_server(stack, settings, home, roles, say)
        if roles.all and given_database_url(settings) is None:
            watched.keep("database", lambda: _keep_server(home, clock), clock)
            stack.push_async_callback(watched.stop, "database")
        database = open_database(url, home)
        stack.push_async_callback(database.close)
        voice = speech(settings, home)
        site = Site(
            settings=settings,
            home=home,
            clock=clock,
            database=database,
            watched=watched,
            is_new=await is_new(database),
            say=say,
            speech=voice,
            announcements=SystemSounds(voice, clock),
            queue=JobQueue(),
            recordings=recording_store(settings, home),
        )
        stack.push_async_callback(site.speech.close)
        if roles.switch:
            if settings.ari_url is None:
                await _start_switch(stack, site, url)
            await _keep(stack, site, "announcements", site.announcements.run)
            await _start_calls(stack, site)
        if sock is not None:
            server = WebServer(create_app(_api(site)), sock)
            site.watched.start("api", server.run())
            stack.push_async_callback(site.watched.stop, "api")
            await server.started()
            say(f"API at http://{settings.http}")
        if roles.worker:
            await _keep(stack, site, "worker", lambda: _worker(site).run())
            await _start_webhooks(stack, site)
            say("Worker")
        await _keep(stack, site, "node", _node(site, roles).run)
        yield site


async def _open_server(
    stack: AsyncExitStack,
    settings: Settings,
    home: Home,
    roles: Roles,
    say: Callable[[str], None],
) -> URL:
    """The owner's URL of a database at the current revision."""
    if not roles.all:
        shared = shared_database_url(settings)
        await check_revision(shared, home)
        return shared
    url = given_database_url(settings)
    if url is None:
        server = embedded_postgres(home)
        stack.push_async_callback(asyncio.to_thread, server.stop)
        url = await asyncio.to_thread(start_embedded, server)
    applied = await asyncio.to_thread(migrate, url, role_passwords(home))
    say(f"Database, schema {applied[-1]} new" if applied else "Database")
    return url


async def _keep_server(home: Home, clock: Clock) -> None:
    """Start the embedded database again when it has died; calls go on meanwhile."""
    server = embedded_postgres(home)
    await asyncio.to_thread(server.start, again=True)  # learns the address that it must keep
    while True:
        if (pid := server.pid) is not None:
            await ended(pid)
            continue
        _log.error("database.died")
        await clock.sleep(_SERVER_ENDS_SECONDS)
        await asyncio.to_thread(server.start, again=True)
        _log.info("database.restarted")


async def _start_switch(stack: AsyncExitStack, site: Site, url: URL) -> None:
    process = switch_process(site.settings, site.home, url)
    site.switch = process

    async def stop() -> None:
        pid = process.pid
        try:
            await process.stop()
        except asyncio.CancelledError:
            kill_if_alive(pid, "switch")
            raise

    stack.push_async_callback(stop)
    await process.start()
    site.say(f"Switch, SIP at {site.settings.sip}")


async def _start_calls(stack: AsyncExitStack, site: Site) -> None:
    carriers_changed = asyncio.Event()
    carriers_changed.set()  # to a switch that has just started all of them are new
    if site.switch is not None:
        keeper = TrunkKeeper(site.database, site.switch, site.clock, carriers_changed.set)
        await keeper.apply()
        await _keep(stack, site, "carriers", keeper.run)
    site.commanded = switch = engine(site.settings, site.home, site.clock, site.switch)
    guard = AddressGuard.of(site.settings.outbound_private)
    client = await stack.enter_async_context(OutboundClient(guard))
    parts, pools = call_parts(
        site.database,
        site.home,
        site.speech,
        site.announcements,
        site.clock,
        switch=switch,
        web=AllowedWeb(client, site.settings.flow_hosts),
    )
    for pool in pools:
        stack.push_async_callback(pool.close)
    words = SpokenAhead(pools[0], site.announcements, site.clock)
    await _keep(stack, site, "words", words.run)
    _count(
        site,
        "hotline_ledger_pending",
        "Events of calls not written yet.",
        lambda: parts.ledger.pending,
    )
    _count(
        site,
        "hotline_switch_connected",
        "1 while the switch can be commanded.",
        lambda: switch.connected,
    )
    # Of its own: a batch that hangs must not count as a database that hangs for calls.
    recorded = DirectPool(site.database.platform_url, size=1, timeout=_RECORDINGS_WAIT_SECONDS)
    stack.push_async_callback(recorded.close)
    spool = RecordingIngest(
        recorded,
        site.recordings,
        site.home.spool,
        site.settings.node,
        site.clock,
        audio_format=site.settings.recording_format,
        seal=site.settings.storage_encryption,
    )
    await _keep(stack, site, "recordings", spool.run)
    presence = AgentPresence(pools[0], site.clock)
    presence_keeper = PresenceKeeper(presence, site.clock, switch, parts.talks.losses)
    await _keep(stack, site, "presence", presence_keeper.run)
    if parts.floor is not None:
        await _keep(stack, site, "queues", parts.floor.run)
    supervisor = Supervisor(switch, parts, carriers_changed=carriers_changed)
    await _keep(stack, site, "calls", supervisor.run)
    site.say("Calls")


def _count(site: Site, name: str, meaning: str, ask: Callable[[], float]) -> None:
    Gauge(name, meaning, registry=site.metrics).set_function(ask)


def _api(site: Site) -> ApiParts:
    secure = (site.settings.public_url or "").startswith("https:")
    return ApiParts(
        database=site.database,
        clock=site.clock,
        settings=ApiSettings(
            secure_cookies=secure,
            metrics_from=site.settings.metrics_from,
            phone_socket=phone_socket(site.settings),
            console=built_console(),
            flow_hosts=site.settings.flow_hosts,
            outbound_private=site.settings.outbound_private,
        ),
        metrics=site.metrics,
        speech=site.speech,
        recordings=site.recordings,
    )


async def _keep(
    stack: AsyncExitStack, site: Site, name: str, work: Callable[[], Coroutine[Any, Any, None]]
) -> None:
    site.watched.keep(name, work, site.clock)
    stack.push_async_callback(site.watched.stop, name)


def _node(site: Site, roles: Roles) -> NodeKeeper:
    return NodeKeeper(
        site.database,
        site.clock,
        node=site.settings.node,
        roles=roles.names,
        folder=site.home.root,
        switch=site.commanded,
    )


def _worker(site: Site) -> Worker:
    prompts = PromptJobs(
        site.database, site.speech, site.queue, site.clock, keep=site.announcements.hashes
    )
    staff = StaffJobs(site.database, site.clock)
    kinds = [*prompts.kinds(), erase_job(site.recordings, site.database)]
    keeping = KeepingJobs(site.database, site.queue, site.clock)
    periodic = (*prompts.periodic(), *staff.periodic(), *keeping.periodic())
    return Worker(site.database.platform_url, kinds, periodic, clock=site.clock)


async def _start_webhooks(stack: AsyncExitStack, site: Site) -> None:
    """In a queue of their own: those who answer slowly keep no voice waiting."""
    guard = AddressGuard.of(site.settings.outbound_private)
    client = await stack.enter_async_context(OutboundClient(guard))
    jobs = WebhookJobs(site.database, site.queue, client, site.clock)
    url = site.database.platform_url
    await _keep(
        stack,
        site,
        "webhooks",
        lambda: Worker(
            url,
            jobs.kinds(),
            jobs.periodic(),
            clock=site.clock,
            queue=WEBHOOK_QUEUE,
            concurrency=8,
        ).run(),
    )
