"""Surveys over HTTP and what their answers come to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from hotline.kit.clock import SystemClock
from hotline.kit.ids import new_id
from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.slices.helpers import API, WHATEVER, assign_hotline, body_of, error_of, seen

SURVEYS = f"{API}/surveys"
KEYS = {"1": {"label": "满意", "score": 5}, "2": {"label": "不满意", "score": 1}}


async def prompt(api: ApiWorld, enterprise: UUID) -> str:
    key = new_id()
    async with api.database.platform() as session:
        await session.execute(
            text(
                "insert into prompts (id, enterprise_id, name, kind, text) values (:i, :e, 'p',"
                " 'text', '请评价')"
            ),
            {"i": key, "e": enterprise},
        )
    return str(key)


async def survey(client: httpx.AsyncClient, prompt_id: str) -> dict[str, Any]:
    asked = {"text": "满意吗", "prompt_id": prompt_id, "keys": KEYS}
    made = await client.post(SURVEYS, json={"name": "满意度", "questions": [asked]})
    return body_of(made, 201)


async def answer(
    api: ApiWorld, enterprise: UUID, made: dict[str, Any], agent: UUID | None, key: str | None
) -> None:
    """As a call writes it; key None: asked, without an answer."""
    call, common = new_id(), {"leg": 1, "survey_id": made["id"], "agent_id": agent}
    question = made["questions"][0]
    events: list[tuple[str, dict[str, Any]]] = [("survey_asked", common)]
    if key is not None:
        meaning = {"key": key, **KEYS[key], "question_id": question["id"]}
        events.append(("survey_answered", {**common, **meaning, "question": question["text"]}))
    async with api.database.platform() as session:
        for type_, data in events:
            values = {name: str(value) for name, value in data.items() if value is not None}
            pairs = ", ".join(f"'{name}', cast(:{name} as text)" for name in values)
            await session.execute(
                text(
                    "insert into call_events (call_id, id, enterprise_id, at, type, data) values"
                    f" (:c, :i, :e, :at, :type, jsonb_build_object({pairs}))"
                ),
                {
                    **values,
                    "c": call,
                    "i": new_id(),
                    "e": enterprise,
                    "at": SystemClock().now(),
                    "type": type_,
                },
            )


async def test_set_up_changed_used_and_removed(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin, operator = await api.log_in(Role.ADMINISTRATOR, ours), await api.operator()
    spoken = await prompt(api, ours)
    made = await survey(admin, spoken)
    [question] = made["questions"]
    address = f"{SURVEYS}/{made['id']}"
    more = [
        {"text": "第二问", "prompt_id": spoken, "keys": KEYS, "tries": 1},
        {**question, "text": "改后的问题"},
    ]
    changed = body_of(await admin.patch(address, json={"questions": more}, headers=seen(made)))
    assert [one["text"] for one in changed["questions"]] == ["第二问", "改后的问题"]
    assert changed["questions"][1]["id"] == question["id"]
    assert (
        error_of(await admin.patch(address, json={"name": "x"}, headers=seen(made)), 412) == "stale"
    )
    strange = [{**question, "id": str(new_id())}]
    odd = await admin.patch(address, json={"questions": strange}, headers=WHATEVER)
    assert list(body_of(odd, 422)["fields"]) == ["questions"]
    hotline = await assign_hotline(operator, ours)
    where = f"{API}/hotlines/{hotline['id']}"
    used = await admin.patch(where, json={"survey_id": made["id"]}, headers=WHATEVER)
    assert body_of(used)["survey_id"] == made["id"]
    assert error_of(await admin.delete(address), 409) == "in-use"
    await admin.patch(where, json={"survey_id": None}, headers=WHATEVER)
    queue = {"name": "售后", "survey_id": made["id"]}
    asking = body_of(await admin.post(f"{API}/queues", json=queue), 201)
    assert error_of(await admin.delete(address), 409) == "in-use"
    await admin.delete(f"{API}/queues/{asking['id']}")
    assert (await admin.delete(address)).status_code == 204
    assert list(body_of(await admin.post(f"{API}/queues", json=queue), 422)["fields"]) == [
        "survey_id"
    ]
    unknown = await admin.patch(where, json={"survey_id": made["id"]}, headers=WHATEVER)
    assert list(body_of(unknown, 422)["fields"]) == ["survey_id"]


async def test_another_enterprises_prompt_is_none(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    theirs = await prompt(api, await api.enterprise("乙"))
    asked = {"text": "x", "prompt_id": theirs, "keys": KEYS}
    made = await admin.post(SURVEYS, json={"name": "x", "questions": [asked]})
    assert list(body_of(made, 422)["fields"]) == ["questions"]


async def test_results_by_agent(api: ApiWorld) -> None:
    ours = await api.enterprise()
    supervisor = await api.log_in(Role.SUPERVISOR, ours)
    user, login = await api.user(Role.AGENT, ours)
    agent = new_id()
    async with api.database.platform() as session:
        await session.execute(
            text(
                "insert into agents (id, enterprise_id, user_id, extension, name)"
                " values (:i, :e, :u, '1001', '=张三')"
            ),
            {"i": agent, "e": ours, "u": user},
        )
    made = await survey(supervisor, await prompt(api, ours))
    for whom, key in ((agent, "1"), (agent, "1"), (agent, "2"), (agent, None), (None, "2")):
        await answer(api, ours, made, whom, key)
    address = f"{SURVEYS}/{made['id']}"
    results = body_of(await supervisor.get(f"{address}/results"))
    assert results["asked"] == 5
    [overall] = results["questions"]
    assert (overall["answers"], overall["average"]) == (4, 3.0)
    of_agent, of_nobody = results["agents"]
    assert (of_agent["extension"], of_agent["asked"]) == ("1001", 4)
    assert of_agent["questions"][0]["choices"] == [
        {"key": "1", "label": "满意", "count": 2, "share": 0.6667},
        {"key": "2", "label": "不满意", "count": 1, "share": 0.3333},
    ]
    assert of_nobody["agent_id"] is None
    single = body_of(await supervisor.get(f"{address}/answers", params={"agent_id": str(agent)}))
    assert len(single["items"]) == 3
    sheet = (await supervisor.get(f"{address}/export")).text
    assert "'=张三,1001,满意吗,1,满意,2,66.7%,3.67,3" in sheet
    own = await api.log_in_as(login)
    mine = body_of(await own.get(f"{address}/results"))
    assert (mine["asked"], len(mine["agents"])) == (4, 1)
    assert (await own.get(address)).status_code == 403
    later = {"since": "2099-01-01T00:00:00Z"}
    assert body_of(await supervisor.get(f"{address}/results", params=later))["asked"] == 0
