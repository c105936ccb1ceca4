"""Walks a call through its flow. There is this one interpreter, whatever the flow came from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from hotline.calls.context import CallContext, Over
from hotline.calls.events import FlowEnded, NodeEntered, Refused
from hotline.flows.graph import DEEPEST, Flow, Node
from hotline.flows.nodes import ReturnNode, SubflowNode
from hotline.telephony.port import Cause, Party

Step: TypeAlias = Callable[[CallContext, Any], Awaitable[str]]
"""What a node does: the name of the exit that it takes.

Raises CallerGone and SwitchDown as they come; everything else that can go wrong is an exit.
"""
Rest: TypeAlias = Callable[[CallContext, Node | None], Awaitable[str]]
"""What is left to do at a node where another controller had brought the call."""
END: Final = ""
"""The exit of a node after which there is nothing more, such as a hang-up."""
MOST_STEPS: Final = 1000
"""Nodes that one call walks through; a flow that wants more goes in circles."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A kind of node at work."""

    run: Step
    says_pending: bool = True
    """The interpreter says what is pending before it; False where the step takes care of it, or
    takes no time."""


class EndlessFlow(Exception):
    """A call was led in circles; its flow is to blame."""


class Interpreter:
    """One call on its way through a flow and the flows inside it."""

    def __init__(self, stages: Mapping[str, Stage], ctx: CallContext, flow: Flow) -> None:
        self._stages = stages
        self._ctx = ctx
        self._flow = flow
        self._inside: list[tuple[Flow, SubflowNode]] = []
        """The flows that were left for another inside them, outermost first, and where."""
        settings = ctx.facts.settings
        self._noted = settings.flow_id is not None or settings.menu is not None
        """Of a call that only its settings lead, they tell where it is."""
        self._place = sum(isinstance(event, NodeEntered) for event in ctx.log.events)

    async def run(self) -> Over:
        """From the start to the end of the call. Raises CallerGone, SwitchDown, EndlessFlow."""
        return await self._walk(self._flow.by_id.get(self._flow.start))

    async def go_on(self, place: str, step: Rest | None = None) -> Over:
        """As :meth:`run` from the node ``place``; with ``step`` as what is left of its own.

        A flow that has lost that node meanwhile is begun anew; with ``step`` it ends after that.
        """
        node = self.node_at(place)
        if step is None:
            return await self._walk(node) if node is not None else await self.run()
        by = await step(self._ctx, node)
        return await self._walk(self._after(node, by), by, node)

    def node_at(self, place: str) -> Node | None:
        """The node of that place, as events name it; the interpreter is inside its flow then."""
        *outer, last = place.split("/")
        for node_id in outer:
            node = self._flow.by_id.get(node_id)
            inner = self._ctx.facts.settings.material.flows.get(getattr(node, "flow", None))
            if not isinstance(node, SubflowNode) or inner is None:
                return None
            self._inside.append((self._flow, node))
            self._flow = inner
        return self._flow.by_id.get(last)

    async def _walk(self, node: Node | None, by: str = "", last: Node | None = None) -> Over:
        for _ in range(MOST_STEPS):
            if node is None:
                return await self._end(last)
            last = node
            self._note(node, by)
            if isinstance(node, SubflowNode):
                node, by = self._enter(node), "start"
                continue
            if isinstance(node, ReturnNode):
                node, by = self._leave(node.result)
                continue
            by = await self._do(node)
            node = self._detour() or self._after(node, by)
        raise EndlessFlow(f"more than {MOST_STEPS} nodes")

    async def _do(self, node: Node) -> str:
        stage = self._stages[node.kind]
        if stage.says_pending:
            await self._ctx.say_pending()
        return await stage.run(self._ctx, node)

    # ------------------------------------------------------------ where to next

    def _after(self, node: Node | None, by: str) -> Node | None:
        """Where ``by`` leads; nowhere once the caller has hung up."""
        over = self._ctx.over
        if node is None or by == END or (over is not None and over.by is Party.CALLER):
            return None
        following = self._flow.by_id.get(node.exits.get(by, ""))
        if following is not None:
            self._ctx.over = None
        return following

    def _detour(self) -> Node | None:
        node, self._ctx.detour = self._ctx.detour, None
        if node is not None:
            self._ctx.over = None
        return node

    def _enter(self, node: SubflowNode) -> Node | None:
        inner = self._ctx.facts.settings.material.flows.get(node.flow)
        if inner is None or len(self._inside) >= DEEPEST:
            return self._after(node, "next")
        self._inside.append((self._flow, node))
        self._flow = inner
        return inner.by_id.get(inner.start)

    def _leave(self, result: str) -> tuple[Node | None, str]:
        """The node after the subflow, and the exit by which that is left."""
        if not self._inside:
            return None, END
        self._flow, node = self._inside.pop()
        by = result if result in node.exits else "next"
        return self._after(node, by), by

    async def _end(self, last: Node | None) -> Over:
        if self._ctx.over is None or self._ctx.over.by is not Party.CALLER:
            await self._ctx.say_pending()  # a flow may end with a word of its own
        over = self._ctx.over or Over(Party.SYSTEM, int(Cause.NORMAL))
        log = self._ctx.log
        if self._noted and over.by is Party.SYSTEM and not log.has(Refused.type):
            at = self._ctx.parts.clock.now()
            log.append(FlowEnded(at=at, node=last.id if last is not None else ""))
        return over

    def _note(self, node: Node, by: str) -> None:
        if not self._noted:
            return
        self._place += 1
        outer = [entered.id for _, entered in self._inside]
        self._ctx.log.append(
            NodeEntered(
                at=self._ctx.parts.clock.now(),
                place=self._place,
                node="/".join([*outer, node.id]),
                kind=node.kind,
                by=by,
                title=node.title,
            )
        )
