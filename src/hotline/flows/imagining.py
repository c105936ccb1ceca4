"""Facts for imagined calls, read with a tenant's eyes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import column, exists, or_, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.agents.models import agents
from hotline.agents.names import Named
from hotline.calls.admission import BalanceWithCredit, Refuse, admit
from hotline.calls.facts import Account, Facts, HotlineSettings, Material
from hotline.calls.material import MATERIAL, read_material
from hotline.calls.settings_reader import SETTINGS, names_more, read_settings
from hotline.flows.dry_run import Imagined, Walked, walk
from hotline.flows.graph import Flow
from hotline.flows.lists import ReadOnlyLists
from hotline.flows.service import FlowProblemsError, misshapen
from hotline.kit.errors import NotFoundError
from hotline.kit.numbers import parse_number
from hotline.queues.models import queues


class Imagination:
    """Imagined calls of one enterprise, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID) -> None:
        self._session = session
        self._enterprise_id = enterprise_id
        self._lists = ReadOnlyLists(session, enterprise_id)

    async def through_draft(self, flow_id: UUID, draft: Any, imagined: Imagined) -> Walked:
        """Raises FlowProblemsError for a draft whose nodes cannot be read."""
        try:
            flow = Flow.model_validate(draft)
        except ValidationError as error:
            raise FlowProblemsError(misshapen(error, draft)) from error
        refs = sorted({reference.id for reference in flow.references()})
        settings = HotlineSettings(
            hotline_id=flow_id,
            enterprise_id=self._enterprise_id,
            number="",
            version=0,
            flow_id=flow_id,
            flow=flow,
            material=await self._material(refs),
        )
        facts = Facts(settings, await self._account(), 0, ())
        return await walk(facts, imagined, self._lists, self)

    async def through_hotline(self, hotline_id: UUID, imagined: Imagined) -> tuple[str, Walked]:
        """The rule that refuses the call, or nothing and its way. Raises NotFoundError."""
        facts = Facts(await self.settings(hotline_id), await self._account(), 0, ())
        caller = parse_number(imagined.caller)
        decision = admit(facts, caller, imagined.at, BalanceWithCredit())
        if isinstance(decision, Refuse):
            return decision.rule.value, Walked()
        return "", await walk(facts, imagined, self._lists, self)

    async def settings(self, hotline_id: UUID) -> HotlineSettings:
        """A hotline as its next call will find it. Raises NotFoundError."""
        connection = await self._session.connection()
        found = await connection.exec_driver_sql(SETTINGS, (hotline_id,))
        row: Sequence[Any] | None = found.one_or_none()
        if row is None:
            raise NotFoundError
        version, document = row
        material = await self._material(names_more(document))
        return read_settings(hotline_id, self._enterprise_id, version, document, material)

    # ------------------------------------------------------------ who can be asked for

    async def names(self) -> list[Named]:
        """Implements ``dry_run.People``."""
        wanted = select(agents.c.name, agents.c.extension).where(
            agents.c.enterprise_id == self._enterprise_id, agents.c.enabled
        )
        return [Named(*row) for row in await self._session.execute(wanted)]

    async def has(self, extension: str) -> bool:
        """Implements ``dry_run.People``."""
        of_agent = exists().where(
            agents.c.enterprise_id == self._enterprise_id,
            agents.c.enabled,
            agents.c.extension == extension,
        )
        of_queue = exists().where(
            queues.c.enterprise_id == self._enterprise_id, queues.c.extension == extension
        )
        found = await self._session.execute(select(or_(of_agent, of_queue)))
        return bool(found.scalar_one())

    # ------------------------------------------------------------ what a call rests on

    async def _material(self, refs: list[UUID]) -> Material:
        connection = await self._session.connection()
        found = await connection.exec_driver_sql(
            MATERIAL, {"enterprise": self._enterprise_id, "refs": refs}
        )
        return read_material(found.scalar_one())

    async def _account(self) -> Account:
        enterprises = table(
            "enterprises",
            column("id"),
            column("status"),
            column("balance"),
            column("credit_limit"),
        )
        found = await self._session.execute(
            select(enterprises.c.status, enterprises.c.balance, enterprises.c.credit_limit).where(
                enterprises.c.id == self._enterprise_id
            )
        )
        row = found.one()
        return Account(row.status == "active", row.balance, row.credit_limit)
