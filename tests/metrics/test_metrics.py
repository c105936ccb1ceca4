"""The numbers for Prometheus: right, and not for everybody."""

from __future__ import annotations

import httpx
import pytest
from prometheus_client import Gauge
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from hotline.kit.ids import new_id
from tests.api_world import ApiWorld


async def asked_from(api: ApiWorld, address: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(api.app, client=(address, 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://hotline.test") as client:
        return await client.get("/metrics", headers=headers)


async def numbers(api: ApiWorld) -> dict[tuple[str, ...], float]:
    answer = await asked_from(api, "127.0.0.1")
    assert answer.status_code == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def add_call(api: ApiWorld, outcome: str | None, minutes_ago: int) -> None:
    async with api.database.platform() as session:
        await session.execute(
            text(
                "insert into calls (id, dialled, caller, caller_raw, trunk, node, channel_id,"
                " started_at, ended_at, outcome) values (:id, '1', '', '', 't', 'north', 'c',"
                " now() - make_interval(mins => :ago),"
                " case when cast(:outcome as text) is not null then now() end, :outcome)"
            ),
            {"id": new_id(), "ago": minutes_ago, "outcome": outcome},
        )


async def test_numbers_of_the_site_and_of_this_process(api: ApiWorld) -> None:
    await add_call(api, None, 200)
    await add_call(api, "answered", 5)
    await add_call(api, "answered", 59)
    await add_call(api, "refused", 1)
    await add_call(api, "refused", 90)
    ours = await api.enterprise()
    async with api.database.platform() as session:
        await session.execute(
            text(
                "insert into recordings (id, enterprise_id, call_id, node, spool_name)"
                " values (:id, :ours, :id, 'north', 'x.wav')"
            ),
            {"id": new_id(), "ours": ours},
        )
    pending = Gauge("hotline_ledger_pending", "Waiting.", registry=api.parts.metrics)
    pending.set_function(lambda: 7)
    assert await numbers(api) == {
        ("hotline_calls_in_progress", "north"): 1,
        ("hotline_calls_last_hour", "answered"): 2,
        ("hotline_calls_last_hour", "refused"): 1,
        ("hotline_recordings_pending", "north"): 1,
        ("hotline_ledger_pending",): 7,
        ("hotline_queue_longest_wait_seconds",): 0,
        ("hotline_voicemail_unheard",): 0,
        ("hotline_webhook_deliveries_pending",): 0,
    }


@pytest.mark.parametrize("address", ["203.0.113.7", "10.0.0.1", "2001:db8::1", "", "unix"])
async def test_not_there_for_others(api: ApiWorld, address: str) -> None:
    assert (await asked_from(api, address)).status_code == 404
    assert (await asked_from(api, "::1")).status_code == 200


async def test_numbers_of_the_call_centre(api: ApiWorld) -> None:
    ours = await api.enterprise()
    call, agent = new_id(), new_id()
    statements = (
        "insert into calls (id, enterprise_id, dialled, caller, caller_raw, trunk, node,"
        " channel_id, started_at) values (:call, :ours, '1', '', '', 't', 'north', 'c', now())",
        "insert into agents (id, enterprise_id, extension, name)"
        " values (:agent, :ours, '1001', 'a')",
        "insert into call_legs (id, call_id, enterprise_id, position, target, trunk, kind,"
        " agent_id, result, dialled_at) values (:agent, :call, :ours, 1, '1001', '', 'agent',"
        " :agent, 'no_answer', now())",
        "insert into queue_entries (id, enterprise_id, queue_id, call_id, entered_at)"
        " values (:call, :ours, :agent, :call, now() - interval '90 seconds')",
    )
    async with api.database.platform() as session:
        for statement in statements:
            values = {"call": call, "ours": ours, "agent": agent}
            named = {name: value for name, value in values.items() if f":{name}" in statement}
            await session.execute(text(statement), named)
    found = await numbers(api)
    assert found["hotline_queue_waiting", "caller"] == 1
    assert found[("hotline_queue_longest_wait_seconds",)] == pytest.approx(91, abs=5)
    assert found["hotline_agents", "offline"] == 1
    assert found["hotline_agent_offers_last_hour", "no_answer"] == 1
    assert found[("hotline_webhook_deliveries_pending",)] == 0
    assert found[("hotline_voicemail_unheard",)] == 0
