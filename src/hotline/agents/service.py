"""Agents as administrators keep them: settings, skills, SIP accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.agents.accounts import SipAccounts
from hotline.agents.models import agent_presence, agent_skills, agents, sip_accounts
from hotline.agents.states import AgentStates
from hotline.db.tenant_rows import TenantRows, refusing
from hotline.hotlines.models import destinations
from hotline.hotlines.uses import check_extension_free, extension_uses
from hotline.kit.audit import Audit, changed, created, removed
from hotline.kit.conflicts import AlreadyThereError, InUseError
from hotline.kit.errors import ConflictError, HotlineError, InvalidError, NotFoundError, Words
from hotline.kit.versions import check_version
from hotline.staff.models import users

_AUDITED = (
    *("extension", "name", "user_id", "device", "destination_id", "confirm_by_key"),
    *("outbound_number", "ring_timeout", "wrap_up_seconds", "wrap_up_extension"),
    *("misses_allowed", "enabled", "skills"),
)
_NO_PHONE = Words("say which approved number it is", "请选择已审核的接听号码")


class AgentBusyError(ConflictError):
    error_id = "agent-busy"
    title = "This agent is in a call; try again after it"
    title_zh = "该座席正在通话，请稍后再试"


class NoAgentError(NotFoundError):
    error_id = "no-agent"
    title = "You are not set up as an agent"
    title_zh = "您还没有座席，请联系管理员"


def _meanings() -> dict[str, HotlineError]:
    extension = Words("somebody has this extension", "该分机号已被使用")
    of_queue = Words("a queue has this extension", "该分机号已被座席组使用")
    person = Words("is an agent already", "该用户已经是座席")
    nobody = Words("there is no such person", "没有这个用户")
    return {
        "agents_enterprise_id_extension_key": AlreadyThereError(fields={"extension": extension}),
        "extensions_once": AlreadyThereError(fields={"extension": of_queue}),
        "agents_user_id_key": AlreadyThereError(fields={"user_id": person}),
        "agents_user_id_fkey": InvalidError(fields={"user_id": nobody}),
        "agents_destination_id": InvalidError(fields={"destination_id": _NO_PHONE}),
        "agents_check": InvalidError(fields={"destination_id": _NO_PHONE}),
    }


class Agents:
    """One enterprise's agents, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID, audit: Audit) -> None:
        self._session = session
        self._rows = TenantRows(session, agents, enterprise_id)
        self._accounts = SipAccounts(session, enterprise_id)
        self._states = AgentStates(session, enterprise_id)
        self._audit = audit

    def all(self) -> Select[Any]:
        """Agents with ``skills``, ``accounts`` and ``phone_number`` beside their columns."""
        skills = (
            select(func.json_object_agg(agent_skills.c.skill, agent_skills.c.level))
            .where(agent_skills.c.agent_id == agents.c.id)
            .scalar_subquery()
        )
        phone = (
            select(destinations.c.number)
            .where(destinations.c.id == agents.c.destination_id)
            .scalar_subquery()
        )
        return select(
            agents,
            func.coalesce(skills, func.json_build_object()).label("skills"),
            phone.label("phone_number"),
            _account(webrtc=False).label("sip_account"),
            _account(webrtc=True).label("browser_account"),
        ).where(agents.c.enterprise_id == self._rows.enterprise_id)

    async def get(self, agent_id: UUID) -> RowMapping:
        """Raises NotFoundError."""
        found = await self._session.execute(self.all().where(agents.c.id == agent_id))
        row: RowMapping | None = found.mappings().one_or_none()
        if row is None:
            raise NotFoundError
        return row

    async def of_user(self, user_id: UUID) -> RowMapping:
        """The agent that a person is. Raises NoAgentError."""
        found = await self._session.execute(self.all().where(agents.c.user_id == user_id))
        row: RowMapping | None = found.mappings().one_or_none()
        if row is None:
            raise NoAgentError
        return row

    async def add(self, values: Mapping[str, Any]) -> RowMapping:
        """A new agent with two SIP accounts. Raises AlreadyThereError, InvalidError."""
        columns = dict(values)
        skills = columns.pop("skills", {})
        await self._check(columns)
        with refusing(_meanings()):
            row = await self._rows.insert(columns)
        await self._set_skills(row["id"], skills)
        await self._accounts.create(row["id"], row["name"], enabled=row["enabled"])
        await self._audit("agent.create", "agent", row["id"], created(values))
        return await self.get(row["id"])

    async def change(self, agent_id: UUID, seen: str, values: Mapping[str, Any]) -> RowMapping:
        """Raises NotFoundError, StaleError, AlreadyThereError, InvalidError."""
        locked = await self._rows.lock(agent_id)
        check_version(locked["updated_at"], seen)
        before = await self.get(agent_id)
        changes = changed(before, values)
        if not changes:
            return before
        columns = {field: values[field] for field in changes if field != "skills"}
        if "extension" in columns:
            await check_extension_free(self._session, before["extension"])
        await self._check(columns)
        with refusing(_meanings()):
            row = await self._rows.update(agent_id, columns)
        if "skills" in changes:
            await self._set_skills(agent_id, values["skills"])
        if {"name", "enabled"} & columns.keys():
            await self._accounts.change(agent_id, row["name"], enabled=row["enabled"])
        if columns.get("enabled") is False:
            await self._states.switch_off(agent_id)
        await self._audit("agent.update", "agent", agent_id, changes)
        return await self.get(agent_id)

    async def remove(self, agent_id: UUID) -> None:
        """Raises NotFoundError, InUseError, AgentBusyError."""
        await self._rows.lock(agent_id)
        before = await self.get(agent_id)
        uses = await extension_uses(self._session, before["extension"])
        if uses:
            raise InUseError(uses)
        busy = await self._session.execute(
            select(agent_presence.c.call_id)
            .where(agent_presence.c.agent_id == agent_id)
            .with_for_update()
        )
        if busy.scalar_one_or_none() is not None:
            raise AgentBusyError
        await self._rows.delete(agent_id)
        kept = {field: before[field] for field in _AUDITED}
        await self._audit("agent.delete", "agent", agent_id, removed(kept))

    async def reset_secret(self, agent_id: UUID, *, webrtc: bool = False) -> tuple[str, str]:
        """(account, new secret) of the SIP phone. Raises NotFoundError."""
        await self._rows.lock(agent_id)
        found = await self._accounts.reset(agent_id, webrtc=webrtc)
        if not webrtc:
            await self._audit("agent.secret", "agent", agent_id, {"secret": (None, "***")})
        return found

    async def _check(self, values: Mapping[str, Any]) -> None:
        """What the database would not notice, or not say well. Raises InvalidError."""
        user_id, destination_id = values.get("user_id"), values.get("destination_id")
        if user_id is not None and not await self._exists(
            select(users.c.id).where(users.c.id == user_id, users.c.status == "active")
        ):
            raise InvalidError(fields={"user_id": Words("there is no such person", "没有这个用户")})
        if destination_id is not None and not await self._exists(
            select(destinations.c.id).where(
                destinations.c.id == destination_id, destinations.c.status == "approved"
            )
        ):
            raise InvalidError(fields={"destination_id": _NO_PHONE})
        number = values.get("outbound_number")
        if number is not None and not await self._exists(
            select(func.agent_number_approved(self._rows.enterprise_id, number))
        ):
            words = Words("is not approved to be shown", "该号码未经审核，不能用作外显号码")
            raise InvalidError(fields={"outbound_number": words})

    async def _exists(self, statement: Select[Any]) -> bool:
        return bool((await self._session.execute(statement)).scalar_one_or_none())

    async def _set_skills(self, agent_id: UUID, skills: Mapping[str, int]) -> None:
        await self._session.execute(delete(agent_skills).where(agent_skills.c.agent_id == agent_id))
        rows = [
            {
                "agent_id": agent_id,
                "enterprise_id": self._rows.enterprise_id,
                "skill": skill,
                "level": level,
            }
            for skill, level in skills.items()
        ]
        if rows:
            await self._session.execute(insert(agent_skills), rows)


def _account(*, webrtc: bool) -> Any:
    return (
        select(sip_accounts.c.account)
        .where(sip_accounts.c.agent_id == agents.c.id, sip_accounts.c.webrtc == webrtc)
        .limit(1)
        .scalar_subquery()
    )
