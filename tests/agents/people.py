"""Agents in the real database, on a clock that the test moves."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.engine import URL

from hotline.db.database import Database
from hotline.kit.ids import new_id
from tests.conftest import run_as_owner


class People:
    """One enterprise's agents, written straight into the tables."""

    def __init__(self, database: Database, enterprise_id: UUID) -> None:
        self.database = database
        self.enterprise_id = enterprise_id

    @classmethod
    async def found(cls, database: Database, name: str = "晨星") -> People:
        people = cls(database, new_id())
        await people.sql(
            "insert into enterprises (id, name) values (:id, :name)",
            id=people.enterprise_id,
            name=name,
        )
        return people

    async def sql(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        async with self.database.platform() as session:
            found = await session.execute(text(statement), values)
            return [dict(row) for row in found.mappings()] if found.returns_rows else []

    async def agent(self, extension: str = "1001", **columns: Any) -> UUID:
        """A new agent, offline."""
        agent_id = new_id()
        row = {
            "id": agent_id,
            "enterprise_id": self.enterprise_id,
            "extension": extension,
            "name": f"座席{extension}",
            "device": "sip",
            **columns,
        }
        names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
        await self.sql(f"insert into agents ({names}) values ({places})", **row)
        # The clocks of tests begin long before today.
        await self.sql(
            "update agent_presence set since = '2026-01-01', idle_since = '2026-01-01'"
            " where agent_id = :id",
            id=agent_id,
        )
        return agent_id

    async def account(self, agent_id: UUID, name: str, *, webrtc: bool = False) -> None:
        await self.sql(
            "insert into sip_accounts (id, enterprise_id, account, secret, webrtc, agent_id)"
            " values (:id, :enterprise, :name, 'geheim', :webrtc, :agent)",
            id=new_id(),
            enterprise=self.enterprise_id,
            name=name,
            webrtc=webrtc,
            agent=agent_id,
        )

    def register(self, owner: URL, account: str, *, until: datetime) -> None:
        """As the switch notes a registration."""
        run_as_owner(
            owner,
            "insert into ps_contacts (id, uri, endpoint, expiration_time) values"
            f" ('{account};@x', 'sip:x@127.0.0.1', '{account}', {int(until.timestamp())})",
        )

    async def unregister(self, account: str) -> None:
        await self.sql("delete from ps_contacts where endpoint = :account", account=account)

    async def call(self, call_id: UUID, node: str = "node1", *, ended_at: Any = None) -> None:
        """The row of a call."""
        await self.sql(
            "insert into calls (id, enterprise_id, dialled, caller, caller_raw, trunk, node,"
            " channel_id, started_at, ended_at) values (:id, :enterprise, '4006001234', '', '',"
            " 't', :node, 'c', '2026-03-02T00:00:00Z', :ended)",
            id=call_id,
            enterprise=self.enterprise_id,
            node=node,
            ended=ended_at,
        )
