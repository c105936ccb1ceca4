"""The platform's status: what processes say of themselves, and what the operator is told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from hotline import __version__
from hotline.kit.ids import new_id
from hotline.nodes.keeper import NodeKeeper
from hotline.nodes.rules import SiteRole
from hotline.staff.permissions import Role
from hotline.telephony.port import SwitchDown
from hotline.telephony.values import SwitchAbout
from tests.api_world import ApiWorld
from tests.slices.helpers import API, body_of, error_of

STATUS = f"{API}/platform/status"
BEGAN = datetime(2026, 3, 1, tzinfo=UTC)


class Switch:
    """One that can be commanded, or not."""

    def __init__(self, version: str = "22.10.1") -> None:
        self.connected = True
        self.version: str | None = version

    async def about(self) -> SwitchAbout:
        if self.version is None:
            raise SwitchDown
        return SwitchAbout(self.version, BEGAN)


def keeper(
    api: ApiWorld, roles: Sequence[SiteRole], switch: Switch | None = None, node: str = "main"
) -> NodeKeeper:
    parts = api.parts
    return NodeKeeper(
        parts.database, parts.clock, node=node, roles=roles, folder=Path("/"), switch=switch
    )


async def status(api: ApiWorld) -> dict[str, Any]:
    found: dict[str, Any] = body_of(await (await api.operator()).get(STATUS))
    return found


def kinds(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["kind"], one["subject"]) for one in found["troubles"]]


async def sql(api: ApiWorld, statement: str, **values: object) -> None:
    async with api.database.platform() as session:
        await session.execute(text(statement), values)


async def test_a_process_says_how_it_is(api: ApiWorld) -> None:
    switch = Switch()
    main = keeper(api, list(SiteRole), switch)
    await main.say()
    found = await status(api)
    [node] = found["nodes"]
    assert (node["node"], node["roles"]) == ("main", ["api", "switch", "worker"])
    assert (node["alive"], node["version"]) == (True, __version__)
    assert 0 < node["disk_free"] <= node["disk_total"]
    assert node["processors"] >= 1
    assert node["switch"] == {
        "connected": True,
        "version": "22.10.1",
        "started_at": "2026-03-01T00:00:00Z",
        "calls": 0,
    }
    database = found["database"]
    assert database["revision"] == database["wanted_revision"]
    assert 0 < database["connections"] <= database["most_connections"]
    assert database["size"] > 1_000_000
    assert kinds(found) == [("no_carrier", "")]
    # The switch goes, and comes back as another.
    switch.connected = False
    await main.say()
    found = await status(api)
    assert found["nodes"][0]["switch"]["connected"] is False
    assert found["nodes"][0]["switch"]["version"] is None
    assert ("switch_away", "main") in kinds(found)
    switch.connected, switch.version = True, None  # it went again meanwhile
    await main.say()
    switch.version = "22.11.0"
    await main.say()
    assert (await status(api))["nodes"][0]["switch"]["version"] == "22.11.0"


async def test_who_falls_silent_is_told_and_who_leaves_is_not(api: ApiWorld) -> None:
    await keeper(api, [SiteRole.API, SiteRole.WORKER]).say()
    await keeper(api, [SiteRole.SWITCH], Switch(), "east").say()
    await sql(api, "update nodes set seen_at = now() - interval '1 hour' where node = 'east'")
    found = await status(api)
    assert [node["alive"] for node in found["nodes"]] == [False, True]
    assert ("role_missing", "switch") in kinds(found)
    [silent] = [one for one in found["troubles"] if one["kind"] == "node_silent"]
    assert (silent["subject"], silent["severity"]) == ("east", "warning")
    assert 3_600 <= silent["value"] < 3_700
    # Forgotten after a day, by whoever speaks next.
    await sql(api, "update nodes set seen_at = now() - interval '25 hours' where node = 'east'")
    leaving = asyncio.create_task(keeper(api, [SiteRole.WORKER], node="west").run())
    while [node["node"] for node in (await status(api))["nodes"]] != ["main", "west"]:
        assert not leaving.done()
    leaving.cancel()
    await asyncio.wait([leaving])
    assert [node["node"] for node in (await status(api))["nodes"]] == ["main"]


async def test_what_waits_in_the_background_is_counted(api: ApiWorld) -> None:
    enterprise, call = await api.enterprise(), new_id()
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    await sql(
        api,
        "insert into calls (id, enterprise_id, dialled, caller, caller_raw, trunk, node,"
        " channel_id, started_at, ended_at, outcome)"
        " values (:c, :e, '4006001234', '', '', 't', 'main', :c, :at, :at, 'answered')",
        c=call, e=enterprise, at=hour_ago,
    )  # fmt: skip
    await sql(
        api,
        "insert into recordings (id, enterprise_id, call_id, kind, position, node, spool_name,"
        " status) values (:r, :e, :c, 'call', 1, 'main', 'x', 'pending')",
        r=new_id(), e=enterprise, c=call,
    )  # fmt: skip
    async with api.database.platform() as session:
        await session.execute(text("set local search_path = jobs, public"))
        await session.execute(
            text(
                "insert into procrastinate_jobs"
                " (queue_name, task_name, status, attempts, scheduled_at) values"
                " ('default', 'prompts.render', 'todo', 1, :at),"
                " ('default', 'prompts.render', 'todo', 0, now() + interval '1 hour'),"
                " ('default', 'prompts.render', 'doing', 0, null),"
                " ('default', 'webhooks.deliver', 'doing', 5, null)"
            ),
            {"at": hour_ago},
        )
        await session.execute(
            text("update procrastinate_jobs set status = 'failed' where attempts = 5")
        )
    found = await status(api)
    render, deliver = found["jobs"]
    assert render.pop("oldest_seconds") >= 3_600
    assert render == {
        "task": "prompts.render",
        "waiting": 1,
        "running": 1,
        "retrying": 1,
        "failed": 0,
    }
    assert (deliver["task"], deliver["waiting"], deliver["failed"]) == ("webhooks.deliver", 0, 1)
    assert found["recordings"]["waiting"] == 1
    told = kinds(found)
    assert ("recordings_late", "") in told
    assert ("jobs_late", "prompts.render") in told
    assert ("jobs_failed", "webhooks.deliver") in told


async def test_a_carrier_that_nobody_has_looked_at_lately_is_not_called_well(
    api: ApiWorld,
) -> None:
    operator = await api.operator()
    made = body_of(
        await operator.post(f"{API}/carriers", json={"name": "east", "host": "192.0.2.7"}), 201
    )
    await sql(
        api,
        "insert into carrier_health (carrier_id, node, reachable, checked_at)"
        " values (:c, 'main', true, now())",
        c=made["id"],
    )
    [carrier] = (await status(api))["carriers"]
    assert carrier == {"name": "east", "title": "", "reached": True}
    [shown] = body_of(await operator.get(f"{API}/carriers"))["items"]
    assert shown["health"][0]["current"] is True
    await sql(api, "update carrier_health set checked_at = now() - interval '2 minutes'")
    assert (await status(api))["carriers"][0]["reached"] is None
    [shown] = body_of(await operator.get(f"{API}/carriers"))["items"]
    assert shown["health"][0]["current"] is False
    await sql(api, "update carrier_health set reachable = false, checked_at = now()")
    assert ("carrier_down", "east") in kinds(await status(api))


async def test_it_is_for_the_operator_alone(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    assert error_of(await admin.get(STATUS), 403) == "forbidden"
