"""Whatever the document allows, and what it does not, never makes a 500."""

from __future__ import annotations

import random
import warnings
from collections.abc import Mapping
from uuid import UUID

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import NonInteractiveExampleWarning, Unsatisfiable
from schemathesis import Case, GenerationMode

from hotline.staff.permissions import Role
from tests.api.belongings import give_everything
from tests.api_world import ApiWorld

EXAMPLES = 4
# These end the session that the test runs in, or start processes for each example.
LEFT_OUT = {"session_delete", "session_change_password", "prompts_preview", "prompts_upload"}


def cases(document: dict[str, object], mode: GenerationMode) -> list[Case]:
    """A few requests for each operation, the same in every run."""
    schema = schemathesis.openapi.from_dict(document)
    found: list[Case] = []
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.definition.raw["operationId"] in LEFT_OUT:
            continue

        @seed(4006001234)
        @settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def collect(case: Case) -> None:
            found.append(case)

        try:
            collect()
        except Unsatisfiable:
            continue  # nothing can be wrong with a route that takes nothing
    return found


async def send(
    client: httpx.AsyncClient, case: Case, ids: Mapping[str, UUID | str]
) -> httpx.Response:
    """As the case says, but half of the time about things that are there."""
    chance = random.Random(repr(case.path_parameters) + case.path)
    for name in case.path_parameters or {}:
        if name in ids and chance.random() < 0.7:
            case.path_parameters[name] = str(ids[name])
    kwargs = case.as_transport_kwargs(base_url=str(client.base_url))
    kwargs.pop("cookies", None)  # the session's cookie stays
    known = {key: value for key, value in kwargs.items() if key in requests.Request().__dict__}
    prepared = requests.Request(**known).prepare()
    headers = {
        name: value
        for name, value in prepared.headers.items()
        if name.lower() in {"content-type", "if-match", "accept", "range"}
    }
    return await client.request(
        prepared.method or "GET", prepared.url or "", content=prepared.body, headers=headers
    )


@pytest.mark.timeout(240)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
async def test_no_request_makes_a_500(api: ApiWorld, mode: GenerationMode) -> None:
    ours = await api.enterprise("ours")
    ids = await give_everything(api.database, ours)
    admin, operator = await api.log_in(Role.ADMINISTRATOR, ours), await api.operator()
    document = api.app.openapi()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonInteractiveExampleWarning)
        prepared = cases(document, mode)
    assert len(prepared) > 100
    prepared.sort(key=lambda case: case.method == "DELETE")
    for case in prepared:
        scope = case.operation.definition.raw.get("x-scope")
        answer = await send(operator if scope == "platform" else admin, case, ids)
        assert answer.status_code < 500, (case.method, case.path, case.body, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
