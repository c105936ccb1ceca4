"""Flows of one enterprise: drafted, checked, published, rolled back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import RowMapping, Select, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.db.tenant_rows import TenantRows
from hotline.flows.checks import Problem, problems_of
from hotline.flows.graph import Flow
from hotline.flows.models import flow_versions, flows
from hotline.flows.surroundings import surroundings_of
from hotline.hotlines.uses import flows_with, hotlines_with
from hotline.kit.audit import Audit, changed, created, removed
from hotline.kit.conflicts import InUseError
from hotline.kit.errors import InvalidError, NotFoundError
from hotline.kit.validation_words import message_for
from hotline.kit.versions import check_version

_AUDITED: Final = ("name", "published_version")


class FlowProblemsError(InvalidError):
    """A flow that must not be published; ``problems`` says why, node by node."""

    error_id = "flow-problems"
    title = "The flow has problems that keep it from being published"
    title_zh = "流程存在问题，不能发布"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(
            problems=[
                {
                    "node": one.node,
                    "code": one.code,
                    "field": one.field,
                    "en": one.words.en,
                    "zh": one.words.zh,
                }
                for one in problems
            ]
        )


class Flows:
    """Within one transaction."""

    def __init__(
        self, session: AsyncSession, enterprise_id: UUID, audit: Audit, hosts: Collection[str]
    ) -> None:
        """``hosts``: where the operator lets HTTP requests go."""
        self._session = session
        self._enterprise_id = enterprise_id
        self._rows = TenantRows(session, flows, enterprise_id)
        self._audit = audit
        self._hosts = hosts

    def all(self) -> Select[Any]:
        return self._rows.select()

    async def get(self, flow_id: UUID) -> RowMapping:
        return await self._rows.get(flow_id)

    async def add(self, values: Mapping[str, Any]) -> RowMapping:
        row = await self._rows.insert(values)
        await self._audit("flow.create", "flow", row["id"], created({"name": row["name"]}))
        return row

    async def change(self, flow_id: UUID, seen: str, values: Mapping[str, Any]) -> RowMapping:
        """Change name or draft; calls go on by what is published.

        Raises NotFoundError, StaleError.
        """
        before = await self._rows.lock(flow_id)
        check_version(before["updated_at"], seen)
        changes = changed(before, values)
        if not changes:
            return before
        row = await self._rows.update(flow_id, values)
        noted = {name: pair for name, pair in changes.items() if name != "draft"}
        await self._audit("flow.update", "flow", flow_id, noted or {"draft": (None, "changed")})
        return row

    async def remove(self, flow_id: UUID) -> None:
        """With all its versions. Raises NotFoundError, InUseError."""
        row = await self._rows.lock(flow_id)
        uses = [*await hotlines_with(self._session, flow_id=flow_id)]
        uses += [one for one in await flows_with(self._session, flow_id) if one.id != flow_id]
        if uses:
            raise InUseError(uses)
        await self._rows.update(flow_id, {"published_version": None})
        await self._rows.delete(flow_id)
        kept = {field: row[field] for field in _AUDITED}
        await self._audit("flow.delete", "flow", flow_id, removed(kept))

    # ------------------------------------------------------------ checking and publishing

    async def check(self, flow_id: UUID, draft: Mapping[str, Any] | None = None) -> list[Problem]:
        """What keeps the saved draft, or this one, from being published."""
        row = await self._rows.get(flow_id)
        return (await self._examined(flow_id, row["draft"] if draft is None else draft))[1]

    async def publish(self, flow_id: UUID, seen: str, note: str, by: str) -> RowMapping:
        """Make the draft the version that calls walk, the next call first.

        Raises NotFoundError, StaleError, FlowProblemsError.
        """
        before = await self._rows.lock(flow_id)
        check_version(before["updated_at"], seen)
        flow, problems = await self._examined(flow_id, before["draft"])
        if problems or flow is None:
            raise FlowProblemsError(problems)
        newest = await self._session.execute(
            select(func.coalesce(func.max(flow_versions.c.version), 0)).where(
                flow_versions.c.flow_id == flow_id
            )
        )
        version = newest.scalar_one() + 1
        await self._session.execute(
            insert(flow_versions).values(
                flow_id=flow_id,
                version=version,
                enterprise_id=self._enterprise_id,
                graph=flow.model_dump(mode="json", by_alias=True),
                refs=sorted({reference.id for reference in flow.references()}),
                note=note,
                published_by=by,
            )
        )
        return await self._point_at(before, version, "flow.publish")

    async def roll_back(self, flow_id: UUID, seen: str, version: int) -> RowMapping:
        """Let calls walk an earlier version again, if nothing that it needs is gone.

        Raises NotFoundError, StaleError, FlowProblemsError.
        """
        before = await self._rows.lock(flow_id)
        check_version(before["updated_at"], seen)
        wanted = await self.version(flow_id, version)
        _, problems = await self._examined(flow_id, wanted["graph"])
        if problems:
            raise FlowProblemsError(problems)
        return await self._point_at(before, version, "flow.roll_back")

    def versions(self, flow_id: UUID, before: int | None = None) -> Select[Any]:
        """Newest first; only those older than ``before``, if that is given."""
        statement = (
            select(flow_versions)
            .where(
                flow_versions.c.enterprise_id == self._enterprise_id,
                flow_versions.c.flow_id == flow_id,
            )
            .order_by(flow_versions.c.version.desc())
        )
        return statement if before is None else statement.where(flow_versions.c.version < before)

    async def version(self, flow_id: UUID, version: int) -> RowMapping:
        """Raises NotFoundError."""
        found = await self._session.execute(
            self.versions(flow_id).where(flow_versions.c.version == version)
        )
        row: RowMapping | None = found.mappings().one_or_none()
        if row is None:
            raise NotFoundError
        return row

    async def _point_at(self, before: RowMapping, version: int, action: str) -> RowMapping:
        values = {"published_version": version}
        row = await self._rows.update(before["id"], values)
        await self._audit(action, "flow", before["id"], changed(before, values))
        return row

    async def _examined(self, flow_id: UUID, graph: Any) -> tuple[Flow | None, list[Problem]]:
        try:
            flow = Flow.model_validate(graph)
        except ValidationError as error:
            return None, misshapen(error, graph)
        around = await surroundings_of(
            self._session, self._enterprise_id, flow, flow_id, self._hosts
        )
        return flow, problems_of(flow, around)


def misshapen(error: ValidationError, graph: Any) -> list[Problem]:
    """What is wrong with the settings of single nodes, by the nodes' ids."""
    problems = []
    for one in error.errors():
        place = one["loc"]
        node, field = "", ".".join(str(part) for part in place)
        if len(place) > 1 and place[0] == "nodes" and isinstance(place[1], int):
            nodes = graph["nodes"]
            node = str(nodes[place[1]].get("id", "")) if isinstance(nodes[place[1]], dict) else ""
            # After the index comes the kind, then the field.
            field = ".".join(str(part) for part in place[3:])
        problems.append(Problem(node[:40], "malformed", message_for(one), field))
    return problems
