"""Agents set up from a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, column, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.agents.facts import Device
from hotline.agents.lists import AgentLine, BadAgentLine
from hotline.agents.models import agents
from hotline.agents.service import Agents
from hotline.hotlines.models import destinations
from hotline.kit.audit import Audit
from hotline.kit.errors import Words
from hotline.staff.models import users

_QUEUES = table("queues", column("id"), column("extension"), column("enterprise_id"))
"""Of the slice that is built on this one."""
_TAKEN = Words("somebody has this extension", "该分机号已被使用")
_TWICE = Words("is in the list twice", "列表中重复出现")
_NOBODY = Words("there is no such login", "没有这个登录名")
_IS_AGENT = Words("is an agent already", "该用户已经是座席")
_NO_PHONE = Words("the own phone is not an approved destination", "接听号码未登记或未审核通过")


class AgentImporter:
    """Adds the good lines of a list, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        self._session = session
        self._enterprise_id = enterprise_id
        self._agents = Agents(session, enterprise_id, audit)

    async def add(
        self, lines: Sequence[AgentLine | BadAgentLine], *, all_or_nothing: bool
    ) -> tuple[int, list[BadAgentLine]]:
        """(how many were added, the lines that were not).

        With ``all_or_nothing`` one bad line leaves the whole list out.
        """
        bad = [line for line in lines if isinstance(line, BadAgentLine)]
        wanted: list[dict[str, Any]] = []
        check = await self._checker(lines)
        for line in lines:
            if isinstance(line, AgentLine):
                values, words = check.values(line)
                if words is None:
                    wanted.append(values)
                else:
                    bad.append(BadAgentLine(line.number, line.text, words))
        bad.sort(key=lambda one: one.number)
        if bad and all_or_nothing:
            return 0, bad
        for values in wanted:
            await self._agents.add(values)
        return len(wanted), bad

    async def _checker(self, lines: Sequence[AgentLine | BadAgentLine]) -> _Checker:
        good = [line for line in lines if isinstance(line, AgentLine)]
        logins = select(users.c.login, users.c.id).where(
            users.c.enterprise_id == self._enterprise_id,
            users.c.status == "active",
            users.c.login.in_({line.login for line in good}),
        )
        phones = select(destinations.c.number, destinations.c.id).where(
            destinations.c.enterprise_id == self._enterprise_id,
            destinations.c.status == "approved",
            destinations.c.number.in_({line.phone for line in good}),
        )
        mine = select(agents.c.extension, agents.c.user_id).where(
            agents.c.enterprise_id == self._enterprise_id
        )
        there = await self._pairs(mine)
        of_queues = select(_QUEUES.c.extension, _QUEUES.c.id).where(
            _QUEUES.c.enterprise_id == self._enterprise_id, _QUEUES.c.extension.is_not(None)
        )
        return _Checker(
            dict(await self._pairs(logins)),
            dict(await self._pairs(phones)),
            {extension for extension, _ in (*there, *await self._pairs(of_queues))},
            {user_id for _, user_id in there if user_id is not None},
        )

    async def _pairs(self, statement: Select[Any]) -> list[tuple[Any, Any]]:
        return [(row[0], row[1]) for row in await self._session.execute(statement)]


class _Checker:
    """What is there, growing with every line that is taken."""

    def __init__(
        self,
        logins: dict[str, UUID],
        phones: dict[str, UUID],
        extensions: set[str],
        people: set[UUID],
    ) -> None:
        self._logins = logins
        self._phones = phones
        self._there = frozenset(extensions)
        self._extensions = extensions
        self._people = people

    def values(self, line: AgentLine) -> tuple[dict[str, Any], Words | None]:
        """The agent of ``line``, or why there can be none."""
        user_id, destination_id = self._logins.get(line.login), self._phones.get(line.phone)
        words = None
        if line.extension in self._extensions:
            words = _TAKEN if line.extension in self._there else _TWICE
        elif line.login and user_id is None:
            words = _NOBODY
        elif user_id in self._people:
            words = _IS_AGENT
        elif line.phone and destination_id is None:
            words = _NO_PHONE
        if words is not None:
            return {}, words
        self._extensions.add(line.extension)
        if user_id is not None:
            self._people.add(user_id)
        device = Device.BROWSER if user_id is not None else Device.SIP
        return {
            "extension": line.extension,
            "name": line.name,
            "user_id": user_id,
            "destination_id": destination_id,
            "device": Device.PHONE if destination_id is not None else device,
            "skills": dict(line.skills),
        }, None
