"""A call centre at work, as its calls leave it in the database."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import orjson
from sqlalchemy import text

from hotline.kit.ids import new_id
from hotline.queues.documents import inputs_of, reasons_of
from hotline.queues.rules import (
    FreeAgent,
    Membership,
    QueueState,
    Snapshot,
    Strategy,
    Waiting,
    next_decision,
)
from hotline.recordings.encoding import Encoded, encode
from tests.api_world import ApiWorld

RATE = 8000


def moments_ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


def spoken(folder: Path, name: str, seconds: float) -> Encoded:
    """Somebody on the left and somebody on the right, one after the other."""
    at = np.arange(int(RATE * seconds)) / RATE
    turns = np.sign(np.sin(2 * np.pi * at / 4))
    voice = np.sin(2 * np.pi * 220 * at) * (0.3 + 0.7 * np.abs(np.sin(2 * np.pi * 1.7 * at)))
    lanes = np.stack([voice * (turns > 0) * 0.4, voice * (turns <= 0) * 0.8], axis=1)
    raw = folder / f"{name}.raw"
    raw.write_bytes((lanes * 20000).astype("<i2").tobytes())
    return encode(raw, "mp3", folder / f"{name}.mp3")


class Business:
    """One enterprise with a hotline, a queue, an agent and a supervisor who is an agent too."""

    def __init__(self, api: ApiWorld, enterprise_id: UUID) -> None:
        self._api = api
        self.id = enterprise_id
        self.hotline_id, self.queue_id, self.agent_id = new_id(), new_id(), new_id()
        self.own_agent_id = new_id()

    async def sql(self, statement: str, **values: object) -> list[dict[str, Any]]:
        async with self._api.database.platform() as session:
            result = await session.execute(text(statement), values)
            return [dict(row) for row in result.mappings()] if result.returns_rows else []

    async def insert(self, table: str, **values: object) -> UUID:
        values = {"enterprise_id": self.id, **values}
        names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
        await self.sql(f"insert into {table} ({names}) values ({places})", **values)
        found = values.get("id")
        return found if isinstance(found, UUID) else new_id()

    async def found(self, user_id: UUID) -> None:
        await self.insert("hotlines", id=self.hotline_id, number="4006001234", name="总机")
        await self.insert("queues", id=self.queue_id, name="售后", answer_within=20)
        await self.insert("agents", id=self.agent_id, extension="1001", name="王芳", device="sip")
        await self.insert(
            "agents",
            id=self.own_agent_id,
            extension="8001",
            name="主管",
            device="sip",
            user_id=user_id,
        )
        await self.insert("queue_members", queue_id=self.queue_id, agent_id=self.agent_id)

    async def call(self, started: datetime, **values: object) -> UUID:
        row = {
            "id": new_id(),
            "hotline_id": self.hotline_id,
            "dialled": "4006001234",
            "caller": "13800000000",
            "caller_raw": "13800000000",
            "trunk": "t",
            "node": "nowhere",
            "channel_id": str(new_id()),
            "started_at": started,
            **values,
        }
        return await self.insert("calls", **row)

    async def entry(self, call_id: UUID, entered: datetime, **values: object) -> None:
        row = {"id": new_id(), "queue_id": self.queue_id, "call_id": call_id, **values}
        await self.insert("queue_entries", entered_at=entered, **row)

    async def leg(self, call_id: UUID, position: int, dialled: datetime, **values: object) -> None:
        row = {"target": "1001", "trunk": "", "kind": "agent", "agent_id": self.agent_id, **values}
        await self.insert(
            "call_legs", id=new_id(), call_id=call_id, position=position, dialled_at=dialled, **row
        )

    async def line(
        self,
        call_id: UUID,
        leg: int,
        dialled: datetime,
        *,
        connected: datetime | None = None,
        ended: datetime | None = None,
    ) -> None:
        """The agent's device rings, and what came of it, as the events of a running call say."""
        told = {"leg": leg, "kind": "agent", "target": "1001", "agent_id": str(self.agent_id)}
        await self.event(call_id, dialled, "dialling", orjson.dumps(told).decode())
        for at, kind in ((connected, "connected"), (ended, "leg_ended")):
            if at is not None:
                await self.event(call_id, at, kind, orjson.dumps({"leg": leg}).decode())

    async def event(self, call_id: UUID, at: datetime, kind: str, data: str = "{}") -> None:
        await self.sql(
            "insert into call_events (id, call_id, enterprise_id, at, type, data)"
            " values (:i, :c, :e, :at, :t, cast(:d as jsonb))",
            i=new_id(),
            c=call_id,
            e=self.id,
            at=at,
            t=kind,
            d=data,
        )

    async def presence(self, agent_id: UUID, state: str, **values: object) -> None:
        row = {"state": state, "since": datetime.now(UTC), **values}
        changes = ", ".join(f"{name} = :{name}" for name in row)
        await self.sql(
            f"update agent_presence set {changes} where agent_id = :a", a=agent_id, **row
        )

    async def recording(self, call_id: UUID, folder: Path, seconds: float, **values: Any) -> UUID:
        """A talk of the call, as it is kept."""
        encoded = spoken(folder, str(call_id), seconds)
        store, key = self._api.parts.recordings, os.urandom(8).hex()
        assert store is not None
        store.put(key, encoded.path)
        row = {
            "id": new_id(),
            "call_id": call_id,
            "node": "n",
            "spool_name": "x",
            "status": "stored",
            "storage_key": key,
            "format": encoded.format,
            "channels": encoded.channels,
            "duration_ms": int(seconds * 1000),
            "bytes": encoded.measured.size,
            "sha256": encoded.measured.sha256,
            **values,
        }
        return await self.insert("recordings", **row)

    async def decision(self, call_id: UUID, at: datetime, others: int = 0) -> None:
        """The call is given to the agent, who had been idle longer than ``others``."""
        free = [self.agent_id, *(new_id() for _ in range(others))]
        belongs = {self.queue_id: Membership()}
        now = at.timestamp()
        agents = tuple(
            FreeAgent(one, now - 300 + place, memberships=belongs) for place, one in enumerate(free)
        )
        waiting = Waiting(new_id(), call_id, 0, now - 12)
        queue = QueueState(self.queue_id, Strategy.LONGEST_IDLE, waiting=(waiting,))
        snapshot = Snapshot(now, 1, (queue,), agents)
        made = next_decision(snapshot)
        assert made is not None
        await self.sql(
            "insert into queue_decisions (id, enterprise_id, queue_id, call_id, entry_id, at, turn,"
            " step, agents, inputs, reasons) values (:i, :e, :q, :c, :w, :at, 1, 1, :agents,"
            " cast(:inputs as jsonb), cast(:reasons as jsonb))",
            i=new_id(),
            e=self.id,
            q=self.queue_id,
            c=call_id,
            w=waiting.id,
            at=at,
            agents=list(made.agents),
            inputs=orjson.dumps(inputs_of(snapshot)).decode(),
            reasons=orjson.dumps(reasons_of(made)).decode(),
        )

    async def obey(self, state: str = "done", error: str | None = None) -> dict[str, Any]:
        """A node that answers the next command like that; what it was told."""
        async with asyncio.timeout(15):
            while True:
                rows = await self.sql(
                    "update call_commands set state = :s, error = :e, result = cast(:r as jsonb)"
                    " where state = 'sent' returning verb, arguments, agent_id, issued_by",
                    s=state,
                    e=error,
                    r=f'{{"supervision_id": "{new_id()}", "state": "ringing"}}',
                )
                if rows:
                    return rows[0]
                await asyncio.sleep(0.01)

    async def tell(self, call_id: UUID, kind: str) -> None:
        """What the live connection hears of a call."""
        notice = {"enterprise_id": self.id, "call_id": call_id, "type": kind, "at": moments_ago(0)}
        await self.sql("select pg_notify('hotline_live', :n)", n=orjson.dumps(notice).decode())
