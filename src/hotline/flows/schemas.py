"""Flows on the wire."""

from __future__ import annotations

from datetime import datetime
from math import isfinite
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import RowMapping

from hotline.flows.base import ExitName, Exits, NodeId
from hotline.flows.checks import Problem as FoundProblem
from hotline.kit.errors import Words
from hotline.kit.validation import refusal
from hotline.kit.versions import version_of

MAX_BYTES: Final = 500_000
MAX_DEPTH: Final = 12
VERSION = Field(description="In quotes, the ETag that a change names in If-Match.")

Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]


def _storable(graph: dict[str, Any]) -> dict[str, Any]:
    if not _plain(graph, MAX_DEPTH):
        raise refusal(
            Words(
                "is nested too deeply or holds what cannot be kept", "层次过深或含有无法保存的内容"
            )
        )
    try:
        size = len(orjson.dumps(graph))
    except (TypeError, orjson.JSONEncodeError) as error:
        raise refusal(Words("cannot be kept", "含有无法保存的内容")) from error
    if size > MAX_BYTES:
        raise refusal(Words(f"has more than {MAX_BYTES} bytes", f"超过 {MAX_BYTES} 字节"))
    return graph


def _plain(value: Any, depth: int) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        return depth > 0 and all(_plain(part, depth - 1) for part in value)
    if isinstance(value, float):
        return isfinite(value)
    return value is None or (isinstance(value, int) and abs(value) < 2**53)


Graph: TypeAlias = Annotated[
    dict[str, Any],
    AfterValidator(_storable),
    Field(
        description="start and nodes, see the list of node types. A draft may be unfinished; "
        "checks say what is missing."
    ),
]
_HANGUP: Final[dict[str, Any]] = {"id": "end", "kind": "hangup", "notice": "closed"}
_EXAMPLE: Final[dict[str, Any]] = {"name": "主菜单", "draft": {"start": "end", "nodes": [_HANGUP]}}


class NewFlow(BaseModel):
    """A flow to be drafted."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _EXAMPLE})

    name: Name
    draft: Graph


class FlowChange(BaseModel):
    """What is absent stays. Calls go on by the published version."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "夜间菜单"}})

    name: Name = ""
    draft: Graph = Field(default_factory=dict)


class Flow(BaseModel):
    """A flow with its draft."""

    id: UUID
    name: str
    draft: dict[str, Any]
    published_version: int | None = Field(description="The one that calls walk.")
    created_at: datetime
    updated_at: datetime
    version: str = VERSION

    @classmethod
    def of(cls, row: RowMapping) -> Flow:
        return cls(
            **{name: row[name] for name in cls.model_fields if name != "version"},
            version=version_of(row["updated_at"]),
        )


class FlowProblem(BaseModel):
    """One thing to be mended."""

    node: str = Field(description="Empty: the flow as a whole.")
    code: str
    field: str = Field(
        description="The setting that is wrong, as sounds.0.prompt or exits.timeout, or empty."
    )
    message: str

    @classmethod
    def of(cls, problem: FoundProblem, chinese: bool) -> FlowProblem:
        message = problem.words.zh if chinese else problem.words.en
        return cls(node=problem.node, code=problem.code, field=problem.field, message=message)


class FlowProblems(BaseModel):
    """What keeps a draft from being published; nothing: it can be."""

    problems: list[FlowProblem]


class DraftToCheck(BaseModel):
    """A draft that is not saved yet."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"draft": _EXAMPLE["draft"]}}
    )

    draft: Graph


class Publication(BaseModel):
    """What is new in this version."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"note": "国庆值班安排"}}
    )

    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class RollBack(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"version": 1}})

    version: Annotated[int, Field(ge=1, le=1_000_000)]


class FlowVersion(BaseModel):
    """A version as it was published; it never changes."""

    flow_id: UUID
    version: int
    note: str
    published_by: str
    published_at: datetime
    graph: dict[str, Any]

    @classmethod
    def of(cls, row: RowMapping) -> FlowVersion:
        return cls(**{name: row[name] for name in cls.model_fields})


class NodeExits(BaseModel):
    """By which a node is left."""

    required: list[str] = Field(description="Each must lead somewhere.")
    optional: list[str] = Field(description="Where one leads nowhere the call is over.")

    @classmethod
    def of(cls, exits: Exits) -> NodeExits:
        return cls(required=sorted(exits.required), optional=sorted(exits.optional))


class NodeType(BaseModel):
    """A kind of node, for editors."""

    kind: str
    description: str
    available: bool = Field(description="False: flows with it cannot be published here.")
    settings: dict[str, Any] = Field(description="JSON Schema of the node.")
    exits: NodeExits = Field(
        description="Those that it always has. Keys, extension_digits, periods, schedule, calendar,"
        " rules, shares and results add theirs."
    )


class DryRun(BaseModel):
    """A call to be imagined."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "caller": "13812345678",
                "at": "2026-10-01T10:00:00+08:00",
                "keys": ["1", ""],
                "answers": {"sales": "unanswered"},
            }
        },
    )

    caller: Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00]*$")] = ""
    at: datetime | None = Field(None, description="null: now.")
    keys: Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^([0-9*#]{0,32}|hangup)$")]],
        Field(max_length=100),
    ] = Field(
        default_factory=list,
        description="What is keyed in at each question; empty: nothing; hangup: the caller leaves.",
    )
    answers: Annotated[dict[NodeId, ExitName], Field(max_length=100)] = Field(
        default_factory=dict,
        description="By which exit a node is left that would call somebody, ask a server, …",
    )
    draft: Graph | None = Field(
        None, description="Walked instead of the saved draft; a hotline's call does not care."
    )


class PathStep(BaseModel):
    """A node that the call comes to, and why it leaves by that exit."""

    node: str
    kind: str
    title: str
    exit: str = Field(description="Empty: the call ends here.")
    reason: str


class DryRunResult(BaseModel):
    """The path that the call would take."""

    refused: str = Field(description="The rule that refuses the call before any flow, or empty.")
    path: list[PathStep]
    ended_by: str = Field(description="caller, callee or system; empty where it was refused.")
    variables: dict[str, str]
