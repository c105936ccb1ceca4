"""The routes of the application, read from its OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    id: str
    permission: str | None
    scope: str | None
    open_to_all: bool
    body: Any
    """An example of the body, as the document gives it; None without one."""
    is_form: bool

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    async def call(
        self, client: httpx.AsyncClient, values: Mapping[str, object], **query: str
    ) -> httpx.Response:
        path = self.path.format(**values)
        body: dict[str, Any] = {}
        if self.is_form:
            body = {"files": {"file": ("x.wav", b"RIFF", "audio/wav")}, "data": {"name": "x"}}
        elif self.body is not None:
            body = {"json": self.body}
        # Any version: what is tested here is never a lost update.
        headers = {"If-Match": "*"}
        return await client.request(
            self.method.upper(), path, params=query, headers=headers, **body
        )


def operations(app: FastAPI) -> Iterator[Operation]:
    document = app.openapi()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            yield Operation(
                method=method,
                path=path,
                id=operation["operationId"],
                permission=operation.get("x-permission"),
                scope=operation.get("x-scope"),
                open_to_all="security" not in operation,
                body=None if schema is None else example_of(document, schema),
                is_form="multipart/form-data" in content,
            )


def example_of(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    """The example that the document gives for a body, else the least that could do."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "example" in schema:
        return schema["example"]
    if "examples" in schema:
        return schema["examples"][0]
    return [] if schema.get("type") == "array" else {}
