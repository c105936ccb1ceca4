"""The OpenAPI document: what every route has in common is written here once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from hotline.api.problem import MEDIA_TYPE, Problem
from hotline.staff.permissions import Permission

_SCHEME: Final = "#/components/schemas/Problem"
_DESCRIPTION: Final = """
Everything of an open 400 hotline. Times are ISO 8601 with a zone, money is decimal text in yuan,
lists are paged by `limit` and `cursor`.

Programs send `Authorization: Bearer hl_…`; the console logs in at `POST /api/v1/session` and sends
the token from there as `X-CSRF-Token` with every change. The operator names the enterprise with
`?enterprise_id=`. Errors are `application/problem+json`, in Chinese or English by
`Accept-Language`; `type` ends in an id that never changes.
"""
_IDEMPOTENCY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "Send the same again under the same key for a day: it is done once.",
}
_MEANINGS: Final = {
    "400": "Could not be read",
    "401": "Not logged in",
    "403": "Not allowed",
    "404": "No such thing, or not yours",
    "409": "Contradicts what is there",
    "413": "Too large",
    "422": "Not valid",
    "429": "Too many tries",
    "503": "A part is not reachable",
}


def describe(app: FastAPI, document: dict[str, Any]) -> dict[str, Any]:
    """``document`` with the errors, the ways to log in and each route's permission added."""
    document["info"]["description"] = _DESCRIPTION
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["securitySchemes"] = {
        "api_key": {"type": "http", "scheme": "bearer", "bearerFormat": "hl_<prefix>_<secret>"},
        "session": {"type": "apiKey", "in": "cookie", "name": "hotline_session"},
    }
    permissions = dict(_permissions(app))
    for operations in document["paths"].values():
        if "post" in operations:
            operations["post"].setdefault("parameters", []).append(_IDEMPOTENCY)
        for operation in operations.values():
            _describe_errors(operation)
            if operation["operationId"] not in permissions:
                continue
            operation["security"] = [{"api_key": []}, {"session": []}]
            permission, scope = permissions[operation["operationId"]]
            if permission is not None:
                operation["x-permission"] = permission.value
                operation["x-scope"] = scope
    return document


def _describe_errors(operation: dict[str, Any]) -> None:
    content = {MEDIA_TYPE: {"schema": {"$ref": _SCHEME}}}
    responses = operation["responses"]
    for status, meaning in _MEANINGS.items():
        if status == "422" or status not in responses:
            responses[status] = {"description": meaning, "content": content}


def _permissions(app: FastAPI) -> Iterator[tuple[str, tuple[Permission | None, str]]]:
    """Operation id → its permission and whether it is about one tenant or the platform.

    The permission is None where being logged in is enough; open routes are absent.
    """
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            for dependant in _all_dependants(route.dependant):
                name = getattr(dependant.call, "__name__", "")
                permission = getattr(dependant.call, "hotline_permission", None)
                if permission is not None or name == "current_principal":
                    scope = getattr(dependant.call, "hotline_scope", "")
                    yield route.name, (permission, scope)
                    break


def _all_dependants(dependant: Dependant) -> Iterator[Dependant]:
    for child in dependant.dependencies:
        yield child
        yield from _all_dependants(child)
