"""Where hotlines and groups use what other slices keep."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    cast,
    column,
    exists,
    func,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.hotlines.models import forwarding_groups, forwarding_members, hotlines
from hotline.kit.conflicts import Use
from hotline.kit.errors import InvalidError, Words

_AGENTS = table("agents", column("id"), column("name"), column("destination_id"))
_QUEUES = table(
    "queues",
    column("id"),
    column("name"),
    column("vip_list_id"),
    column("music_prompt_id"),
    column("busy_prompt_id"),
    column("overflow"),
)
_LISTS = table("caller_lists", column("id"), column("name"))
_LISTED = table(
    "caller_list_entries",
    column("list_id"),
    column("queue_id"),
    column("extension"),
    column("until"),
)
"""Of the slices that are built on this one."""
_FLOWS = table("flows", column("id"), column("name"), column("published_version"))
_VERSIONS = table("flow_versions", column("flow_id"), column("version"), column("graph"))
_DIALLING = cast('$.nodes[*] ? (@.kind == "extension" && @.extension == $it)', JSONPATH)
_WITHOUT_VOICEMAIL = cast(
    '$.nodes[*] ? (@.kind == "queue" && @.queue == $it && !exists(@.exits.voicemail))', JSONPATH
)
_ANYWHERE = cast("$.** ? (@ == $it)", JSONPATH)
_OVERFLOW = cast("$.*.* ? (@ == $it)", JSONPATH)
_SHOWN = 20
"""More places than this help nobody."""


async def hotlines_with(
    session: AsyncSession,
    *,
    schedule_id: UUID | None = None,
    group_id: UUID | None = None,
    prompt_id: UUID | None = None,
    flow_id: UUID | None = None,
    menu_to: UUID | None = None,
) -> list[Use]:
    """The hotlines that use one of these, the first twenty by number.

    ``menu_to`` is what a key of their menus leads to.
    """
    uses: list[ColumnElement[bool]] = []
    in_menu = menu_to or group_id or prompt_id
    if in_menu is not None:
        sought = func.jsonb_build_object("it", str(in_menu))
        uses.append(func.jsonb_path_exists(hotlines.c.menu, _ANYWHERE, sought))
    if schedule_id is not None:
        uses.append(hotlines.c.schedule_id == schedule_id)
    if group_id is not None:
        uses.append(hotlines.c.group_id == group_id)
        uses.append(hotlines.c.regions.contains([{"group_id": str(group_id)}]))
    if flow_id is not None:
        uses.append(hotlines.c.flow_id == flow_id)
    if prompt_id is not None:
        uses += [
            hotlines.c.greeting_prompt_id == prompt_id,
            hotlines.c.closed_prompt_id == prompt_id,
            hotlines.c.failed_prompt_id == prompt_id,
            hotlines.c.recording_notice_prompt_id == prompt_id,
        ]
    statement = (
        select(hotlines.c.id, hotlines.c.name, hotlines.c.number)
        .where(or_(*uses))
        .order_by(hotlines.c.number)
        .limit(_SHOWN)
    )
    rows = (await session.execute(statement)).all()
    return [Use("hotline", row.id, f"{row.name}（{row.number}）") for row in rows]


async def groups_with(session: AsyncSession, destination_id: UUID) -> list[Use]:
    """The forwarding groups that have this destination, the first twenty by name."""
    statement = (
        select(forwarding_groups.c.id, forwarding_groups.c.name)
        .join(forwarding_members, forwarding_members.c.group_id == forwarding_groups.c.id)
        .where(forwarding_members.c.destination_id == destination_id)
        .order_by(forwarding_groups.c.name, forwarding_groups.c.id)
        .limit(_SHOWN)
    )
    rows = (await session.execute(statement)).all()
    return [Use("forwarding_group", row.id, row.name) for row in rows]


async def agents_with(session: AsyncSession, destination_id: UUID) -> list[Use]:
    """The agents whose own phone is this destination, the first twenty by name."""
    statement = (
        select(_AGENTS.c.id, _AGENTS.c.name)
        .where(_AGENTS.c.destination_id == destination_id)
        .order_by(_AGENTS.c.name, _AGENTS.c.id)
        .limit(_SHOWN)
    )
    rows = (await session.execute(statement)).all()
    return [Use("agent", row.id, row.name) for row in rows]


async def caller_lists_with(
    session: AsyncSession, *, queue_id: UUID | None = None, extension: str | None = None
) -> list[Use]:
    """The caller lists that lead a number to this queue or extension, the first twenty."""
    entry = _LISTED.c
    wanted = entry.queue_id == queue_id if queue_id is not None else entry.extension == extension
    statement = (
        select(_LISTS.c.id, _LISTS.c.name)
        .where(
            exists().where(
                entry.list_id == _LISTS.c.id,
                wanted,
                or_(entry.until.is_(None), entry.until > func.now()),
            )
        )
        .order_by(_LISTS.c.name, _LISTS.c.id)
        .limit(_SHOWN)
    )
    rows = (await session.execute(statement)).all()
    return [Use("caller_list", row.id, row.name) for row in rows]


async def queues_with(
    session: AsyncSession,
    *,
    vip_list_id: UUID | None = None,
    prompt_id: UUID | None = None,
    overflow_to: UUID | str | None = None,
) -> list[Use]:
    """The queues that use one of these, the first twenty by name.

    ``overflow_to`` is the id, or the number, of what takes callers whom a queue does not serve.
    """
    queue = _QUEUES.c
    uses: list[ColumnElement[bool]] = []
    if vip_list_id is not None:
        uses.append(queue.vip_list_id == vip_list_id)
    if prompt_id is not None:
        uses += [queue.music_prompt_id == prompt_id, queue.busy_prompt_id == prompt_id]
    if overflow_to is not None:
        sought = func.jsonb_build_object("it", str(overflow_to))
        uses.append(func.jsonb_path_exists(queue.overflow, _OVERFLOW, sought))
    statement = (
        select(queue.id, queue.name).where(or_(*uses)).order_by(queue.name, queue.id).limit(_SHOWN)
    )
    rows = (await session.execute(statement)).all()
    return [Use("queue", row.id, row.name) for row in rows]


def _published(path: ColumnElement[Any], it: str) -> Select[Any]:
    """The first twenty flows by name in whose published graphs ``path`` finds ``$it``."""
    sought = func.jsonb_build_object("it", it)
    published = _FLOWS.c.published_version == _VERSIONS.c.version
    return (
        select(_FLOWS.c.id, _FLOWS.c.name)
        .join(_VERSIONS, (_VERSIONS.c.flow_id == _FLOWS.c.id) & published)
        .where(func.jsonb_path_exists(_VERSIONS.c.graph, path, sought))
        .order_by(_FLOWS.c.name, _FLOWS.c.id)
        .limit(_SHOWN)
    )


async def led_without_voicemail(session: AsyncSession, queue: RowMapping) -> bool:
    """Whether callers come to this queue on a way that does not say where a message goes."""
    open_flows = _published(_WITHOUT_VOICEMAIL, str(queue["id"]))
    return bool(
        queue["extension"]
        or (await session.execute(open_flows)).first()
        or await hotlines_with(session, menu_to=queue["id"])
        or await queues_with(session, overflow_to=queue["id"])
    )


async def extension_uses(session: AsyncSession, extension: str) -> list[Use]:
    """The caller lists and published flows that name this extension, the first twenty of each."""
    rows = (await session.execute(_published(_DIALLING, extension))).all()
    flows = [Use("flow", row.id, row.name) for row in rows]
    return [*await caller_lists_with(session, extension=extension), *flows]


async def check_extension_free(session: AsyncSession, extension: str) -> None:
    """Raises InvalidError: what leads to ``extension`` would lead nowhere without it."""
    uses = await extension_uses(session, extension)
    if uses:
        names = "、".join(use.name for use in uses)
        words = Words(
            f"{extension} is what these lead to: {names}", f"{extension} 正被使用：{names}"
        )
        raise InvalidError(fields={"extension": words})


async def flows_with(session: AsyncSession, thing: UUID) -> list[Use]:
    """The published flows that name ``thing``, the first twenty by name."""
    found = await session.execute(select(func.flows_using(thing).table_valued("id", "name")))
    return [Use("flow", row.id, row.name) for row in found]
