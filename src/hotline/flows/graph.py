"""A flow: a graph of typed nodes, as it is stored, edited and walked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Final, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hotline.flows.base import BaseNode, NodeId, Reference
from hotline.flows.deciding import (
    CallerListNode,
    ConditionNode,
    HttpNode,
    RegionNode,
    ScheduleNode,
    SetNode,
    SplitNode,
)
from hotline.flows.nodes import (
    AnnounceNode,
    CollectNode,
    FaxNode,
    HangupNode,
    MenuNode,
    PasswordNode,
    PlayNode,
    ReturnNode,
    SubflowNode,
)
from hotline.flows.reaching import (
    ExtensionNode,
    GroupNode,
    QueueNode,
    SurveyNode,
    TransferNode,
    VoicemailNode,
)
from hotline.kit.errors import Words
from hotline.kit.validation import refusal

MAX_NODES: Final = 500
DEEPEST: Final = 8
"""Flows inside a flow, one within the other."""

Node: TypeAlias = (
    PlayNode
    | AnnounceNode
    | MenuNode
    | CollectNode
    | PasswordNode
    | ScheduleNode
    | RegionNode
    | SplitNode
    | CallerListNode
    | ConditionNode
    | SetNode
    | HttpNode
    | GroupNode
    | TransferNode
    | ExtensionNode
    | QueueNode
    | VoicemailNode
    | SurveyNode
    | FaxNode
    | SubflowNode
    | ReturnNode
    | HangupNode
)
AnyNode: TypeAlias = Annotated[Node, Field(discriminator="kind")]

NODE_TYPES: Final[Mapping[str, type[BaseNode]]] = {
    node.model_fields["kind"].default: node for node in get_args(Node)
}
"""Every kind of node there is."""


class Flow(BaseModel):
    """Nodes and where a call begins. Whether it makes sense as a whole is for the checks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: NodeId
    nodes: Annotated[tuple[AnyNode, ...], Field(min_length=1, max_length=MAX_NODES)]

    @model_validator(mode="after")
    def _ids_differ(self) -> Flow:
        if len(self.by_id) < len(self.nodes):
            raise refusal(Words("two nodes have the same id", "有两个节点的编号相同"))
        return self

    @cached_property
    def by_id(self) -> Mapping[str, Node]:
        return {node.id: node for node in self.nodes}

    def references(self) -> Iterator[Reference]:
        for node in self.nodes:
            yield from node.references()
