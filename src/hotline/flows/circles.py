"""Circles of a flow in which nobody is waited for: a call would go round in them for ever."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final
from uuid import UUID

from hotline.flows.graph import Flow, Node
from hotline.flows.nodes import ReturnNode, SubflowNode

_PLAIN: Final = frozenset({"next"})

AtOnce = Mapping[UUID, Collection[str]]
"""Flow → the results by which it may return without having waited for anybody."""


def endless(flow: Flow, at_once: AtOnce) -> set[str]:
    """The nodes from which a call can come back to them without any wait."""
    following = {node.id: [*_without_a_wait(flow, node, at_once)] for node in flow.nodes}
    return {node.id for node in flow.nodes if node.id in _reached(following[node.id], following)}


def results_at_once(flow_id: UUID, published: Mapping[UUID, Flow]) -> frozenset[str]:
    """The results by which a published flow may return without having waited for anybody.

    Flows that lead back into themselves are refused for that alone.
    """
    return _results(flow_id, published, {})


def depth_of(flow_id: UUID, published: Mapping[UUID, Flow]) -> int:
    """How many flows one comes into, one within the other, by entering that one."""
    return _depth(flow_id, published, {})


# Each flow is looked at once, however many nodes lead into it: ``known`` has what came of those
# that were looked at, and a guess of those that are being looked at, which lead back to themselves.


def _results(
    flow_id: UUID, published: Mapping[UUID, Flow], known: dict[UUID, frozenset[str]]
) -> frozenset[str]:
    if flow_id in known:
        return known[flow_id]
    known[flow_id] = _PLAIN
    flow = published.get(flow_id)
    if flow is not None:
        inside = {key: _results(key, published, known) for key in _entered(flow)}
        following = {node.id: [*_without_a_wait(flow, node, inside)] for node in flow.nodes}
        passed = _reached([flow.start], following)
        known[flow_id] = frozenset(
            node.result for node in flow.nodes if isinstance(node, ReturnNode) and node.id in passed
        )
    return known[flow_id]


def _depth(flow_id: UUID, published: Mapping[UUID, Flow], known: dict[UUID, int]) -> int:
    if flow_id in known:
        return known[flow_id]
    known[flow_id] = 1
    flow = published.get(flow_id)
    if flow is not None:
        inside = (_depth(key, published, known) for key in _entered(flow))
        known[flow_id] = 1 + max(inside, default=0)
    return known[flow_id]


def _entered(flow: Flow) -> set[UUID]:
    return {node.flow for node in flow.nodes if isinstance(node, SubflowNode)}


def _without_a_wait(flow: Flow, node: Node, at_once: AtOnce) -> Iterator[str]:
    """The nodes that may follow at once."""
    left_by = set(node.exits)
    if isinstance(node, SubflowNode):
        results = at_once.get(node.flow, _PLAIN)
        left_by = {result if result in node.exits else "next" for result in results}
    for by in left_by:
        to = node.exits.get(by, "")
        if to in flow.by_id and not node.waits_before(by):
            yield to


def _reached(ahead: Collection[str], following: Mapping[str, Collection[str]]) -> set[str]:
    reached: set[str] = set()
    left = [*ahead]
    while left:
        node_id = left.pop()
        if node_id not in reached and node_id in following:
            reached.add(node_id)
            left += following[node_id]
    return reached
