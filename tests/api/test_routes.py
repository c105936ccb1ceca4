"""Every route, whoever wrote it, keeps strangers, the unentitled and other tenants out."""

from __future__ import annotations

from uuid import uuid4

from hotline.staff.permissions import ROLE_PERMISSIONS, Role
from tests.api.belongings import ROWS, everything_of, give_everything
from tests.api.routes import Operation, operations
from tests.api_world import ApiWorld

OPEN_TO_ALL = {"session_create", "health_read", "ready_read"}
# Their ids are the operator's own, or an enterprise's to which only the operator can go.
ANY = {parameter: str(uuid4()) for parameter in (*ROWS, "enterprise_id", "carrier_id", "stock_id")}


def of_tenants(api: ApiWorld) -> list[Operation]:
    return [operation for operation in operations(api.app) if operation.scope == "tenant"]


def test_the_open_routes_are_the_known_ones(api: ApiWorld) -> None:
    assert {each.id for each in operations(api.app) if each.open_to_all} == OPEN_TO_ALL


def test_every_path_parameter_is_known_here(api: ApiWorld) -> None:
    """Otherwise the tests below would not ask for it: add it to belongings.py."""
    unknown = {
        f"{operation.id}: {parameter}"
        for operation in operations(api.app)
        for parameter in operation.parameters
        if parameter not in ANY
    }
    assert unknown == set()


async def test_strangers_get_401_everywhere(api: ApiWorld) -> None:
    client = await api.client()
    expired = await api.client(Cookie="hotline_session=over")
    for operation in operations(api.app):
        if operation.id in OPEN_TO_ALL:
            continue
        for each in (client, expired):
            answer = await operation.call(each, ANY)
            assert answer.status_code == 401, operation
            assert answer.headers["content-type"] == "application/problem+json"


async def test_a_role_without_the_permission_gets_403(api: ApiWorld) -> None:
    ours = await api.enterprise()
    for role in (Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR):
        client = await api.log_in(role, ours)
        may = {permission.value for permission in ROLE_PERMISSIONS[role]}
        for operation in operations(api.app):
            if operation.permission is None:
                continue
            if operation.permission in may and operation.scope == "tenant":
                continue
            answer = await operation.call(client, ANY)
            assert answer.status_code == 403, (role, operation)


async def test_a_change_without_the_csrf_token_gets_403(api: ApiWorld) -> None:
    ours = await api.enterprise()
    client = await api.log_in(Role.ADMINISTRATOR, ours)
    del client.headers["X-CSRF-Token"]
    for operation in operations(api.app):
        if operation.method == "get" or operation.open_to_all:
            continue
        answer = await operation.call(client, ANY)
        assert answer.json()["type"] == "urn:hotline:error:forged-request", operation


async def test_another_tenants_things_are_not_found(api: ApiWorld) -> None:
    ours, theirs = await api.enterprise("ours"), await api.enterprise("theirs")
    ids = await give_everything(api.database, theirs)
    before = await everything_of(api.database, ids)
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    secrets = {str(value) for value in ids.values()} | {"owner-of-it", "0a0b0c"}
    for operation in of_tenants(api):
        if operation.permission not in ROLE_PERMISSIONS[Role.ADMINISTRATOR]:
            continue
        answer = await operation.call(admin, ids)
        if operation.parameters:
            # A body that has no example may be refused before the row is looked for.
            allowed = {404} if operation.body in (None, {}) else {404, 422}
            allowed |= {422} if operation.is_form or operation.body == {} else set()
            assert answer.status_code in allowed, (operation, answer.text)
        assert answer.status_code < 500, (operation, answer.text)
        leaked = {secret for secret in secrets if secret in answer.text}
        assert not leaked, (operation, answer.text)
    assert await everything_of(api.database, ids) == before


async def test_naming_another_enterprise_does_not_open_it(api: ApiWorld) -> None:
    ours, theirs = await api.enterprise("ours"), await api.enterprise("theirs")
    ids = await give_everything(api.database, theirs)
    before = await everything_of(api.database, ids)
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    for operation in of_tenants(api):
        answer = await operation.call(admin, ids, enterprise_id=str(theirs))
        assert answer.status_code in {403, 404}, (operation, answer.text)
    assert await everything_of(api.database, ids) == before


async def test_the_owner_finds_what_others_do_not(api: ApiWorld) -> None:
    """Or the tests above would prove nothing."""
    theirs = await api.enterprise("theirs")
    ids = await give_everything(api.database, theirs)
    admin = await api.log_in(Role.ADMINISTRATOR, theirs)
    # Rows whose sound was never made.
    without_file = {"prompts_listen", "recordings_listen", "voicemail_messages_listen"}
    for operation in of_tenants(api):
        if operation.method != "get" or not operation.parameters or operation.id in without_file:
            continue
        answer = await operation.call(admin, ids)
        assert answer.status_code == 200, (operation, answer.text)


def test_operation_ids_are_stable_names(api: ApiWorld) -> None:
    names = [operation.id for operation in operations(api.app)]
    assert len(names) == len(set(names))
    for name in names:
        assert name.replace("_", "").isalpha(), name
        assert "_" in name, name


def test_the_document_says_how_things_fail(api: ApiWorld) -> None:
    document = api.app.openapi()
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation.get("summary"), path
            assert operation.get("tags"), path
            problem = operation["responses"]["422"]["content"]["application/problem+json"]
            assert problem["schema"]["$ref"].endswith("/Problem")
