"""A company at a running Hotline: a hotline that leads to a queue, and its agents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from pwdlib.hashers.argon2 import Argon2Hasher

from hotline.kit.ids import new_id
from hotline.staff.passwords import Passwords
from hotline.staff.permissions import Role
from tests.faults.site import Site

PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Person:
    """An agent and the login."""

    id: str
    login: str
    extension: str


class Office:
    """Set up through the API by its administrator."""

    def __init__(self, site: Site, enterprise_id: UUID, api: httpx.AsyncClient) -> None:
        self.site = site
        self.id = enterprise_id
        self._api = api
        self.number = f"4006{enterprise_id.int % 1_000_000:06}"
        """Its hotline's."""
        self.administrator = ""
        """The login of who sets it up."""
        self._hotline = new_id()

    @classmethod
    async def found(cls, site: Site, api: httpx.AsyncClient) -> Office:
        """A new company with a hotline that leads nowhere yet."""
        office = cls(site, new_id(), api)
        site.rows("insert into enterprises (id, name, balance) values (%s, '晨星', 100)", office.id)
        site.rows(
            "insert into hotlines (id, enterprise_id, number, name) values (%s, %s, %s, '客服')",
            office._hotline,
            office.id,
            office.number,
        )
        _, office.administrator = await office._person(Role.ADMINISTRATOR)
        who = {"login": office.administrator, "password": PASSWORD}
        answer = await api.post("/session", json=who)
        answer.raise_for_status()
        api.headers["If-Match"] = "*"
        api.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return office

    async def _person(self, role: Role) -> tuple[UUID, str]:
        user_id = new_id()
        login = f"{role}-{user_id}"
        quick = Passwords(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
        self.site.rows(
            "insert into users (id, enterprise_id, login, name, password_hash, role)"
            " values (%s, %s, %s, %s, %s, %s)",
            user_id,
            self.id,
            login,
            str(role),
            await quick.hash(PASSWORD),
            str(role),
        )
        return user_id, login

    async def agent(self, extension: str, *, role: Role = Role.AGENT, **settings: Any) -> Person:
        """One who works with the phone in the browser."""
        user_id, login = await self._person(role)
        made = await self.post(
            "/agents",
            extension=extension,
            name=f"座席{extension}",
            user_id=str(user_id),
            device="browser",
            **settings,
        )
        return Person(made["id"], login, extension)

    async def queue(self, *people: Person, **settings: Any) -> str:
        """Lead the hotline to a new queue of these agents, in their order."""
        queue = await self.post("/queues", name="售后", strategy="priority", **settings)
        await self.put(
            f"/queues/{queue['id']}/members",
            members=[{"agent_id": each.id, "penalty": place} for place, each in enumerate(people)],
        )
        await self._lead(
            [
                {
                    "id": "queue",
                    "kind": "queue",
                    "queue": queue["id"],
                    "exits": {"timeout": "end", "unavailable": "end"},
                },
                {"id": "end", "kind": "hangup"},
            ]
        )
        return str(queue["id"])

    async def _lead(self, nodes: list[dict[str, Any]]) -> None:
        draft = {"start": nodes[0]["id"], "nodes": nodes}
        flow = await self.post("/flows", name="流程", draft=draft)
        await self.post(f"/flows/{flow['id']}/publish")
        await self._ask("PATCH", f"/hotlines/{self._hotline}", {"flow_id": flow["id"]})

    async def post(self, path: str, **body: Any) -> Any:
        return await self._ask("POST", path, body)

    async def put(self, path: str, **body: Any) -> Any:
        return await self._ask("PUT", path, body)

    async def _ask(self, method: str, path: str, body: Any) -> Any:
        answer = await self._api.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def state(self, person: Person) -> tuple[str, str]:
        """(state, reason) of an agent."""
        (row,) = self.site.rows(
            "select state, reason from agent_presence where agent_id = %s", person.id
        )
        return row["state"], row["reason"] or ""
