"""What is wrong with a flow as a whole, found before it is published."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from hotline.flows.base import Reference, Refers
from hotline.flows.circles import AtOnce, endless
from hotline.flows.deciding import HttpNode, RegionNode
from hotline.flows.graph import DEEPEST, Flow, Node
from hotline.flows.nodes import ReturnNode, SubflowNode
from hotline.kit.errors import Words
from hotline.kit.regions import all_regions, city_named, city_of_area_code

_KINDS: Final[Mapping[Refers, Words]] = {
    Refers.PROMPT: Words("prompt", "语音"),
    Refers.SCHEDULE: Words("opening hours", "营业时间"),
    Refers.GROUP: Words("forwarding group", "呼转号码组"),
    Refers.DESTINATION: Words("approved destination", "已审核的接听号码"),
    Refers.FLOW: Words("published flow", "已发布的流程"),
    Refers.CALLER_LIST: Words("caller list", "来电名单"),
    Refers.CODE_LIST: Words("list of codes", "密码表"),
    Refers.QUEUE: Words("queue", "座席组"),
    Refers.VOICEMAIL_BOX: Words("voicemail box", "语音信箱"),
    Refers.SURVEY: Words("survey", "满意度调查"),
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a flow is checked against."""

    known: Collection[Reference]
    """The things that there are, and that are the enterprise's."""
    walked: Collection[str]
    """The kinds of nodes that this installation can walk."""
    results: Mapping[UUID, Collection[str]]
    """What the published flows that are entered from this one return; see :func:`results_of`."""
    at_once: AtOnce = field(default_factory=dict)
    """Of those, by which of them without having waited; see :mod:`hotline.flows.circles`."""
    circles: Collection[UUID] = ()
    """Of those, the ones by which one would come back into this flow."""
    too_deep: Collection[UUID] = ()
    """Those with more flows inside them, one within the other, than a call enters."""
    hosts: Collection[str] = ()
    """Hosts that HTTP requests may go to."""
    extensions: Collection[str] = ()
    """Of agents and queues."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to be mended; ``node`` is empty where it is the flow's as a whole."""

    node: str
    code: str
    words: Words
    field: str = ""
    """The setting of the node that is wrong, where it is a single one."""


def problems_of(flow: Flow, around: Surroundings) -> list[Problem]:
    """Everything that keeps ``flow`` from being published, in the order of its nodes."""
    found = [*_start(flow)]
    reached = _reached(flow)
    going_round = endless(flow, around.at_once)
    for node in flow.nodes:
        if node.id not in reached:
            words = Words("no way leads to this node", "没有任何路径到达该节点")
            found.append(Problem(node.id, "unreachable", words))
        found += _exits(flow, node)
        found += _itself(node, around)
        if node.id in going_round:
            words = Words(
                "from here calls can go in circles without waiting for anybody",
                "从这里开始，通话可能在不等待任何操作的情况下无限循环",
            )
            found.append(Problem(node.id, "endless", words))
    return found


def results_of(flow: Flow) -> frozenset[str]:
    """The exits by which a flow may return to the one that it was entered from."""
    return frozenset(node.result for node in flow.nodes if isinstance(node, ReturnNode))


def _start(flow: Flow) -> Iterator[Problem]:
    if flow.start not in flow.by_id:
        words = Words("the start is no node of the flow", "起始节点不存在")
        yield Problem("", "no-start", words)


def _reached(flow: Flow) -> set[str]:
    reached: set[str] = set()
    ahead = [flow.start]
    while ahead:
        node = flow.by_id.get(ahead.pop())
        if node is not None and node.id not in reached:
            reached.add(node.id)
            ahead += node.exits.values()
    return reached


def _exits(flow: Flow, node: Node) -> Iterator[Problem]:
    names = node.exit_names()
    for name in sorted(names.required - node.exits.keys()):
        words = Words(f"the exit {name} leads nowhere", f"出口“{name}”没有连接")
        yield Problem(node.id, "missing-exit", words, f"exits.{name}")
    for name, target in node.exits.items():
        if name not in names.all:
            words = Words(f"there is no exit {name}", f"该节点没有出口“{name}”")
            yield Problem(node.id, "unknown-exit", words, f"exits.{name}")
        elif target not in flow.by_id:
            words = Words(
                f"the exit {name} leads to {target}, which does not exist",
                f"出口“{name}”指向不存在的节点“{target}”",
            )
            yield Problem(node.id, "missing-target", words, f"exits.{name}")


def _itself(node: Node, around: Surroundings) -> Iterator[Problem]:
    if node.kind not in around.walked:
        words = Words(
            f"nodes of the kind {node.kind} cannot be used on this installation",
            f"当前系统不支持“{node.kind}”类型的节点",
        )
        yield Problem(node.id, "not-available", words)
    for reference in node.references():
        if reference not in around.known:
            kind = _KINDS[reference.kind]
            words = Words(f"there is no such {kind.en}", f"没有这个{kind.zh}")
            yield Problem(node.id, f"unknown-{reference.kind.value.replace('_', '-')}", words)
    match node:
        case RegionNode():
            yield from _places(node)
        case HttpNode():
            yield from _host(node, around)
        case SubflowNode():
            yield from _inner(node, around)
        case _:
            yield from _extension(node, around)


def _places(node: RegionNode) -> Iterator[Problem]:
    provinces = all_regions()
    for rule in node.rules:
        unknown = [name for name in rule.provinces if name not in provinces]
        unknown += ["".join(city) for city in rule.cities if city_named(*city) is None]
        unknown += [code for code in rule.area_codes if city_of_area_code(code) is None]
        if not (rule.provinces or rule.cities or rule.area_codes):
            words = Words("a rule names no place", "有一条规则没有指定地区")
            yield Problem(node.id, "no-place", words)
        for name in unknown:
            words = Words(f"{name} is no place that we know", f"“{name}”不是已知的地区或区号")
            yield Problem(node.id, "unknown-place", words)


def host_of(url: str) -> str:
    """The host, with its port if one is given, that ``url`` begins with."""
    rest = url.partition("://")[2]
    for sign in "/?#":
        rest = rest.partition(sign)[0]
    return rest.lower()


def _host(node: HttpNode, around: Surroundings) -> Iterator[Problem]:
    if not host_allowed(host_of(node.url), around.hosts):
        words = Words(
            "the operator has not allowed requests to this host", "平台未开放访问该服务器地址"
        )
        yield Problem(node.id, "host-not-allowed", words)


def host_allowed(host: str, allowed: Collection[str]) -> bool:
    """``allowed`` holds names as api.example.com, or .example.com for all below it."""
    name = host.partition(":")[0]
    return any(
        one in (host, name) or (one.startswith(".") and name.endswith(one)) for one in allowed
    )


def _inner(node: SubflowNode, around: Surroundings) -> Iterator[Problem]:
    if node.flow in around.circles:
        words = Words("this flow would lead back into itself", "该流程会反过来进入当前流程")
        yield Problem(node.id, "circle", words)
    if node.flow in around.too_deep:
        words = Words(
            f"there are more than {DEEPEST} flows inside each other here",
            f"子流程嵌套超过 {DEEPEST} 层",
        )
        yield Problem(node.id, "too-deep", words)
    for result in sorted({*around.results.get(node.flow, ())} - node.exit_names().all):
        words = Words(
            f"the other flow may return by {result}, which is no exit here",
            f"子流程可能以“{result}”返回，但这里没有这个出口",
        )
        yield Problem(node.id, "unknown-result", words)


def _extension(node: Node, around: Surroundings) -> Iterator[Problem]:
    extension = getattr(node, "extension", None)
    if node.kind == "extension" and extension and extension not in around.extensions:
        words = Words(f"there is no extension {extension}", f"没有分机 {extension}")
        yield Problem(node.id, "unknown-extension", words)
