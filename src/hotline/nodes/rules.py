"""What is wrong with a site, judged from what is known of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

EVERY: Final = 10.0
"""Seconds between two words of a process."""
SILENT_AFTER: Final = 35.0
"""Seconds: three words were missed."""
DISK_SHORT: Final = 2_000_000_000
"""Bytes free; an hour of recording takes 58 MB as wav."""
DISK_FULL: Final = 300_000_000
JOBS_LATE_AFTER: Final = 300.0
RECORDINGS_LATE_AFTER: Final = 600.0
CONNECTIONS_SHARE: Final = 0.9


class SiteRole(StrEnum):
    """What a process does for the site."""

    API = "api"
    SWITCH = "switch"
    WORKER = "worker"


class Severity(StrEnum):
    ERROR = "error"
    """Calls, records or recordings are at stake now."""
    WARNING = "warning"


class TroubleKind(StrEnum):
    ROLE_MISSING = "role_missing"
    NODE_SILENT = "node_silent"
    SWITCH_AWAY = "switch_away"
    DISK_LOW = "disk_low"
    VERSIONS_DIFFER = "versions_differ"
    SCHEMA_DIFFERS = "schema_differs"
    CONNECTIONS_SHORT = "connections_short"
    JOBS_LATE = "jobs_late"
    JOBS_FAILED = "jobs_failed"
    RECORDINGS_LATE = "recordings_late"
    NO_CARRIER = "no_carrier"
    CARRIER_DOWN = "carrier_down"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that somebody should look at."""

    kind: TroubleKind
    severity: Severity
    subject: str = ""
    """The node, role, kind of job or carrier that it is about."""
    value: int | None = None
    """Seconds, bytes, or how many, by the kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFacts:
    """A process as it last spoke."""

    node: str
    roles: Sequence[str]
    version: str
    silent_seconds: float
    disk_free: int
    switch_connected: bool | None = None

    @property
    def alive(self) -> bool:
        return self.silent_seconds < SILENT_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFacts:
    """Jobs of one kind."""

    task: str
    waiting: int
    """Due, and nobody has begun them."""
    oldest_seconds: float
    """For how long the oldest of them has been due."""
    failed: int
    """Given up for good within a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierFacts:
    """A carrier that is in use."""

    name: str
    reached: bool | None
    """By every switch that has looked lately; None: none has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """All that is judged."""

    nodes: Sequence[NodeFacts]
    revision: str | None
    wanted_revision: str | None
    connections: int
    most_connections: int
    jobs: Sequence[JobFacts]
    recordings_waiting: int
    recordings_oldest_seconds: float
    """Since the end of the call, of the recording that waits longest for the storage."""
    carriers: Sequence[CarrierFacts]


def troubles(site: SiteFacts) -> list[Trouble]:
    """The most severe first, otherwise in a fixed order."""
    found = [
        *_of_roles(site.nodes),
        *_of_nodes(site.nodes),
        *_of_recordings(site),
        *_of_carriers(site.carriers),
        *_of_versions(site),
        *_of_database(site),
        *_of_jobs(site.jobs),
    ]
    return sorted(found, key=lambda one: one.severity is not Severity.ERROR)


def _of_roles(nodes: Sequence[NodeFacts]) -> Iterator[Trouble]:
    played = {role for node in nodes if node.alive for role in node.roles}
    for role in SiteRole:
        if role not in played:
            yield Trouble(TroubleKind.ROLE_MISSING, Severity.ERROR, role)


def _of_nodes(nodes: Sequence[NodeFacts]) -> Iterator[Trouble]:
    for node in nodes:
        if not node.alive:
            silent = int(node.silent_seconds)
            yield Trouble(TroubleKind.NODE_SILENT, Severity.WARNING, node.node, silent)
            continue  # the rest is of long ago
        if node.switch_connected is False:
            yield Trouble(TroubleKind.SWITCH_AWAY, Severity.ERROR, node.node)
        if node.disk_free < DISK_SHORT:
            severity = Severity.ERROR if node.disk_free < DISK_FULL else Severity.WARNING
            yield Trouble(TroubleKind.DISK_LOW, severity, node.node, node.disk_free)


def _of_recordings(site: SiteFacts) -> Iterator[Trouble]:
    if site.recordings_waiting and site.recordings_oldest_seconds > RECORDINGS_LATE_AFTER:
        yield Trouble(TroubleKind.RECORDINGS_LATE, Severity.ERROR, value=site.recordings_waiting)


def _of_carriers(carriers: Sequence[CarrierFacts]) -> Iterator[Trouble]:
    if not carriers:
        yield Trouble(TroubleKind.NO_CARRIER, Severity.WARNING)
    for carrier in carriers:
        if carrier.reached is False:
            yield Trouble(TroubleKind.CARRIER_DOWN, Severity.ERROR, carrier.name)


def _of_versions(site: SiteFacts) -> Iterator[Trouble]:
    versions = Counter(node.version for node in site.nodes if node.alive)
    if len(versions) > 1:
        yield Trouble(TroubleKind.VERSIONS_DIFFER, Severity.WARNING, ", ".join(sorted(versions)))
    if site.revision != site.wanted_revision:
        yield Trouble(TroubleKind.SCHEMA_DIFFERS, Severity.WARNING, site.revision or "")


def _of_database(site: SiteFacts) -> Iterator[Trouble]:
    if site.connections >= site.most_connections * CONNECTIONS_SHARE:
        yield Trouble(TroubleKind.CONNECTIONS_SHORT, Severity.WARNING, value=site.connections)


def _of_jobs(jobs: Sequence[JobFacts]) -> Iterator[Trouble]:
    for job in jobs:
        if job.waiting and job.oldest_seconds > JOBS_LATE_AFTER:
            late = int(job.oldest_seconds)
            yield Trouble(TroubleKind.JOBS_LATE, Severity.WARNING, job.task, late)
        if job.failed:
            yield Trouble(TroubleKind.JOBS_FAILED, Severity.WARNING, job.task, job.failed)
