"""The platform's status on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping

from hotline.nodes.rules import NodeFacts, Severity, SiteRole, Trouble, TroubleKind
from hotline.nodes.service import SiteStatus


class TroubleShown(BaseModel):
    """Something that somebody should look at."""

    kind: TroubleKind
    severity: Severity = Field(description="error: calls, records or recordings are at stake now.")
    subject: str = Field(description="The node, role, kind of job or carrier; empty: the site.")
    value: int | None = Field(description="Seconds, bytes, or how many, by the kind.")

    @classmethod
    def of(cls, trouble: Trouble) -> TroubleShown:
        return cls(**{name: getattr(trouble, name) for name in cls.model_fields})


class SwitchShown(BaseModel):
    """The switch that a process commands."""

    connected: bool
    version: str | None = Field(description="Of Asterisk; null: not known.")
    started_at: datetime | None
    calls: int = Field(description="In progress.")


class NodeShown(BaseModel):
    """A process, as it last spoke of itself; it does so every ten seconds."""

    node: str
    roles: list[SiteRole]
    host: str
    version: str
    started_at: datetime
    seen_at: datetime
    alive: bool = Field(description="It has spoken within the last 35 seconds.")
    load_1m: float = Field(description="Processes that wanted a processor, over a minute.")
    processors: int
    disk_free: int = Field(description="Bytes, where its state folder is.")
    disk_total: int
    switch: SwitchShown | None = Field(description="null: it plays no switch role.")

    @classmethod
    def of(cls, row: RowMapping, facts: NodeFacts) -> NodeShown:
        made = {"alive", "switch"}
        return cls(
            **{name: row[name] for name in cls.model_fields if name not in made},
            alive=facts.alive,
            switch=_switch(row),
        )


def _switch(row: RowMapping) -> SwitchShown | None:
    if row["switch_connected"] is None:
        return None
    return SwitchShown(
        connected=row["switch_connected"],
        version=row["switch_version"],
        started_at=row["switch_started_at"],
        calls=row["calls"],
    )


class DatabaseShown(BaseModel):
    """PostgreSQL."""

    version: str
    started_at: datetime
    size: int = Field(description="Bytes.")
    connections: int
    most_connections: int
    revision: str | None = Field(description="The schema that it has.")
    wanted_revision: str | None = Field(description="The schema that this version works with.")


class JobsShown(BaseModel):
    """Work in the background, of one kind."""

    task: str
    waiting: int = Field(description="Due, and not begun.")
    oldest_seconds: float = Field(description="For how long the oldest of them has been due.")
    running: int
    retrying: int = Field(description="Failed at least once and to be tried again.")
    failed: int = Field(description="Given up for good within a day.")


class CarrierShown(BaseModel):
    """A carrier in use."""

    name: str
    title: str
    reached: bool | None = Field(
        description="By every switch that has looked within a minute; null: none has."
    )

    @classmethod
    def of(cls, row: RowMapping) -> CarrierShown:
        return cls(**{name: row[name] for name in cls.model_fields})


class RecordingsShown(BaseModel):
    """Recordings of ended calls that are not in the storage yet."""

    waiting: int
    oldest_seconds: float = Field(description="Since the end of the call.")


_EXAMPLE: dict[str, Any] = {
    "at": "2026-10-08T03:20:00Z",
    "troubles": [
        {"kind": "disk_low", "severity": "warning", "subject": "main", "value": 1_500_000_000}
    ],
    "nodes": [],
    "jobs": [],
    "carriers": [{"name": "unicom-bj", "title": "联通北京", "reached": True}],
    "recordings": {"waiting": 0, "oldest_seconds": 0},
}


class PlatformStatus(BaseModel):
    """How the site is."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    at: datetime
    troubles: list[TroubleShown] = Field(description="The most severe first; empty: all is well.")
    nodes: list[NodeShown]
    database: DatabaseShown
    jobs: list[JobsShown] = Field(description="Kinds of which none is open or failed are left out.")
    carriers: list[CarrierShown] = Field(description="Those in use, in their order.")
    recordings: RecordingsShown

    @classmethod
    def of(cls, status: SiteStatus) -> PlatformStatus:
        database = {**status.database, "wanted_revision": status.facts.wanted_revision}
        return cls(
            at=database.pop("at"),
            troubles=[TroubleShown.of(one) for one in status.troubles],
            nodes=[
                NodeShown.of(row, facts)
                for row, facts in zip(status.nodes, status.facts.nodes, strict=True)
            ],
            database=DatabaseShown(**database),
            jobs=[JobsShown(**row) for row in status.jobs],
            carriers=[CarrierShown.of(row) for row in status.carriers],
            recordings=RecordingsShown(**status.recordings),
        )
