"""Writes sample companies into a database, through the services that check and audit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.agents.facts import Device
from hotline.agents.service import Agents
from hotline.auditing import Installing
from hotline.db.database import Database
from hotline.enterprises.models import enterprises
from hotline.hotlines.destinations import Destinations
from hotline.hotlines.groups import Groups
from hotline.hotlines.rules import DestinationStatus
from hotline.hotlines.service import Hotlines
from hotline.jobs.queue import JobQueue
from hotline.kit.clock import Clock
from hotline.kit.ids import new_id
from hotline.kit.versions import version_of
from hotline.prompts.service import Prompts
from hotline.samples import OPERATOR_LOGIN, OPERATOR_NAME, SampleEnterprise, SamplePerson
from hotline.schedules.service import Schedules
from hotline.screening.service import ScreeningEntries
from hotline.speech.service import Speech
from hotline.staff.models import users
from hotline.staff.passwords import Passwords, first_password
from hotline.staff.permissions import Role
from hotline.staff.users import NewUser, UserService

_PURSE = 1000  # yuan to call with


@dataclass(frozen=True, slots=True)
class FirstLogin:
    """A person's login with the random password it began with."""

    enterprise: str
    login: str
    password: str
    role: str


@dataclass(frozen=True, slots=True)
class SeedTools:
    """What the services need that write the samples."""

    clock: Clock
    speech: Speech
    queue: JobQueue
    passwords: Passwords


async def is_new(database: Database) -> bool:
    """Whether nobody was ever entered: then the samples are of use."""
    async with database.platform() as session:
        return (await session.execute(select(users.c.id).limit(1))).scalar() is None


async def plant(
    database: Database,
    samples: Iterable[SampleEnterprise],
    tools: SeedTools,
) -> list[FirstLogin]:
    """Enter the operator and the samples, all or nothing; everybody's first login."""
    async with database.platform() as session:
        seeder = _Seeder(session, tools)
        await seeder.operator()
        for sample in samples:
            await seeder.enterprise(sample)
        return seeder.logins


class _Seeder:
    def __init__(self, session: AsyncSession, tools: SeedTools) -> None:
        self.logins: list[FirstLogin] = []
        self._session = session
        self._tools = tools

    async def operator(self) -> None:
        await self._person(SamplePerson(OPERATOR_LOGIN, OPERATOR_NAME, Role.OPERATOR), None, "平台")

    async def enterprise(self, sample: SampleEnterprise) -> None:
        enterprise_id = new_id()
        await self._session.execute(
            insert(enterprises).values(id=enterprise_id, name=sample.name, balance=_PURSE)
        )
        people = {
            person.login: await self._person(person, enterprise_id, sample.name)
            for person in sample.people
        }
        destinations = await self._destinations(sample, enterprise_id)
        await self._agents(sample, enterprise_id, people, destinations)
        groups = await self._groups(sample, enterprise_id, destinations)
        hours = await self._hours(sample, enterprise_id)
        screening = ScreeningEntries(
            self._session, enterprise_id, self._acting(enterprise_id).audit
        )
        for number in sample.blacklist:
            await screening.add({"pattern": number, "match": "number", "action": "reject"})
        await self._hotlines(sample, enterprise_id, groups, hours)

    def _acting(self, enterprise_id: UUID | None) -> Installing:
        return Installing(self._session, enterprise_id)

    async def _person(
        self, person: SamplePerson, enterprise_id: UUID | None, enterprise: str
    ) -> UUID:
        """Its id."""
        password = first_password(person.login)
        service = UserService(self._acting(enterprise_id), enterprise_id, self._tools.passwords)
        row = await service.create(NewUser(person.login, person.name, person.role, password))
        self.logins.append(FirstLogin(enterprise, person.login, password, person.role.value))
        user_id: UUID = row.id
        return user_id

    async def _destinations(self, sample: SampleEnterprise, enterprise_id: UUID) -> dict[str, UUID]:
        service = Destinations(self._session, enterprise_id, self._acting(enterprise_id).audit)
        entered = {}
        for destination in sample.destinations:
            row = await service.add(
                {
                    "number": destination.number,
                    "label": destination.label,
                    "ring_timeout": destination.ring_timeout,
                }
            )
            await service.review(
                row["id"],
                version_of(row["updated_at"]),
                decision=DestinationStatus.APPROVED,
                note="",
                by=None,
                at=self._tools.clock.now(),
            )
            entered[destination.number] = row["id"]
        return entered

    async def _agents(
        self,
        sample: SampleEnterprise,
        enterprise_id: UUID,
        people: Mapping[str, UUID],
        destinations: Mapping[str, UUID],
    ) -> None:
        service = Agents(self._session, enterprise_id, self._acting(enterprise_id).audit)
        for agent in sample.agents:
            await service.add(
                {
                    "extension": agent.extension,
                    "name": agent.name,
                    "user_id": people[agent.login] if agent.login else None,
                    "device": Device.PHONE if agent.phone else Device.SIP,
                    "destination_id": destinations[agent.phone] if agent.phone else None,
                    "confirm_by_key": agent.phone is not None,
                    "skills": dict(agent.skills),
                }
            )

    async def _groups(
        self, sample: SampleEnterprise, enterprise_id: UUID, destinations: Mapping[str, UUID]
    ) -> dict[str, UUID]:
        service = Groups(self._session, enterprise_id, self._acting(enterprise_id).audit)
        entered = {}
        for group in sample.groups:
            members = [destinations[number] for number in group.members]
            values = {"name": group.name, "strategy": group.strategy}
            entered[group.name] = (await service.add(values, members))["id"]
        return entered

    async def _hours(self, sample: SampleEnterprise, enterprise_id: UUID) -> dict[str, UUID]:
        service = Schedules(self._session, enterprise_id, self._acting(enterprise_id).audit)
        return {
            name: (await service.add({"name": name, "weekly": dict(weekly)}))["id"]
            for name, weekly in sample.hours.items()
        }

    async def _hotlines(
        self,
        sample: SampleEnterprise,
        enterprise_id: UUID,
        groups: Mapping[str, UUID],
        hours: Mapping[str, UUID],
    ) -> None:
        audit = self._acting(enterprise_id).audit
        service = Hotlines(self._session, enterprise_id, audit)
        prompts = Prompts(
            self._session, enterprise_id, audit, self._tools.speech, self._tools.queue
        )
        spoken: dict[str, UUID] = {}

        async def prompt(name: str, text: str | None) -> UUID | None:
            if text is not None and text not in spoken:
                values = {"name": name, "text": text, "voice": None, "speed": 1.0}
                spoken[text] = (await prompts.add_text(values))["id"]
            return spoken[text] if text is not None else None

        for hotline in sample.hotlines:
            row = await service.assign({"number": hotline.number, "name": hotline.name})
            values: dict[str, Any] = {
                "group_id": groups[hotline.group],
                "schedule_id": hours[hotline.hours] if hotline.hours else None,
                "recording": hotline.recording,
                "whisper": hotline.whisper,
                "caller_id_mode": hotline.caller_id_mode,
                "greeting_prompt_id": await prompt(f"{hotline.name} 欢迎语", hotline.greeting),
                "recording_notice_prompt_id": await prompt(
                    f"{hotline.name} 录音提示", hotline.recording_notice
                ),
            }
            await service.change(
                row["id"], version_of(row["updated_at"]), values, action="hotline.update"
            )
