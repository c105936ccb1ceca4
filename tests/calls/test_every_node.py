"""Every kind of node × what callers do there: the exit taken, the events and the record."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from hotline.calls.steps.table import WALKED
from hotline.db.database import Database
from hotline.flows.graph import NODE_TYPES, AnyNode
from tests.calls.company import Company
from tests.calls.conftest import Nodes
from tests.calls.every_node import NEVER_WALKED, ROWS, Cell
from tests.calls.house import House

WAYS = ("given", "silent", "wrong", "gone")
CELLS = [
    (kind, way) for kind, row in ROWS.items() for way in WAYS if isinstance(getattr(row, way), Cell)
]


def test_no_kind_of_node_is_left_out() -> None:
    assert ROWS.keys() == WALKED
    assert NODE_TYPES.keys() == WALKED | NEVER_WALKED


def test_a_cell_that_is_left_out_says_why() -> None:
    assert all(getattr(row, way) for row in ROWS.values() for way in WAYS)


@pytest.fixture
def house(nodes: Nodes, company: Company, database: Database) -> House:
    return House(nodes, company, database.platform_url)


async def publish(house: House, kind: str, cell: Cell) -> None:
    """The node with a farewell behind each of its exits; before a return, some words."""
    wanted = {"id": "it", "kind": kind, **await cell.build(house)}
    node: Any = TypeAdapter(AnyNode).validate_python({**wanted, "exits": {}})
    ends = {name: f"to-{place}" for place, name in enumerate(sorted(node.exit_names().all))}
    farewells = [{"id": end, "kind": "hangup", "notice": "all_failed"} for end in ends.values()]
    words = {"id": "words", "kind": "play", "exits": {"next": "it"}}
    words["sounds"] = [{"prompt": str(await house.company.prompt("before"))}]
    before = [words] if kind == "return" else []
    await house.publish(*before, {**wanted, "exits": ends}, *farewells)


async def left_by(house: House, call_id: object) -> str:
    """The exit by which the node was left for another; empty: the call ended at it."""
    rows = await house.company.sql(
        "select data ->> 'node' as node, data ->> 'by' as by from call_events"
        " where call_id = :c and type = 'node_entered' order by (data ->> 'place')::int",
        c=call_id,
    )
    assert "it" in [row["node"] for row in rows][:2]
    return "".join(row["by"] for row in rows if row["node"].startswith("to-"))


@pytest.mark.parametrize(("kind", "way"), CELLS)
async def test_a_caller_at_a_node(house: House, kind: str, way: str) -> None:
    cell: Cell = getattr(ROWS[kind], way)
    await publish(house, kind, cell)
    async with house.serving() as node:
        call = await node.call()
        await cell.does(house, call)
        record = await node.record(call, within=300)
    events = await house.company.events(record["id"])
    seen = (await left_by(house, record["id"]), record["outcome"], record["reason"] or "")
    assert (*seen, record["ended_by"]) == (cell.exit, cell.outcome, cell.reason, cell.by)
    assert cell.events <= set(events), events
    assert (events[0], events[-1], events.count("ended")) == ("arrived", "ended", 1)
    assert record["ended_at"] is not None
    open_legs = [leg for leg in record["legs"] if leg["ended_at"] is None]
    assert open_legs == []
    assert await house.company.sql("select * from destination_claims") == []
