"""Why a call takes an exit, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from hotline.calls.context import CallContext
from hotline.flows.holidays import DayKind, day_kind
from hotline.kit.errors import Words

_CHINA: Final = ZoneInfo("Asia/Shanghai")
_DAYS: Final = {
    DayKind.ORDINARY: Words("", ""),
    DayKind.HOLIDAY: Words(", a public holiday", "，法定节假日"),
    DayKind.MAKE_UP_WORKDAY: Words(", a make-up workday", "，调休上班日"),
}


def reason_of(node: Any, by: str, ctx: CallContext, keyed: Sequence[str], *, given: bool) -> Words:
    """Why ``node`` is left by ``by``; ``keyed`` is what was keyed in there."""
    if given:
        return Words("as you said", "按您指定的结果")
    found = _REASONS.get(node.kind, _assumed)
    return found(node, by, ctx, keyed)


def _time(_: Any, __: str, ctx: CallContext, ___: Sequence[str]) -> Words:
    at = ctx.parts.clock.now().astimezone(_CHINA)
    day = _DAYS[day_kind(at.date())]
    said = at.strftime("%Y-%m-%d %H:%M")
    weekday = "一二三四五六日"[at.weekday()]
    return Words(f"it is {at:%A} {said}{day.en}", f"当时是 {said}，星期{weekday}{day.zh}")


def _keys(_: Any, __: str, ___: CallContext, keyed: Sequence[str]) -> Words:
    last = keyed[-1] if keyed else ""
    if last:
        return Words(f"{last} is keyed in", f"按键 {last}")
    return Words("nothing is keyed in", "没有按键")


def _place(_: Any, __: str, ctx: CallContext, ___: Sequence[str]) -> Words:
    place = ctx.caller.region
    if place:
        return Words(f"the number is from {place}", f"号码归属地为{place}")
    return Words("nobody knows where the number is from", "号码归属地未知")


def _values(node: Any, _: str, ctx: CallContext, __: Sequence[str]) -> Words:
    names = [test.variable for test in node.tests] if node.kind == "condition" else node.values
    values = ctx.values()
    said = ", ".join(f"{name} = “{values.get(name, '')}”" for name in names)
    return Words(said, said)


def _listed(_: Any, by: str, __: CallContext, ___: Sequence[str]) -> Words:
    if by == "listed":
        return Words("the number is on the list", "号码在名单中")
    return Words("the number is not on the list", "号码不在名单中")


def _lot(_: Any, __: str, ___: CallContext, ____: Sequence[str]) -> Words:
    return Words("by lot", "随机分配")


def _plain(_: Any, __: str, ___: CallContext, ____: Sequence[str]) -> Words:
    return Words("", "")


def _assumed(_: Any, __: str, ___: CallContext, ____: Sequence[str]) -> Words:
    return Words("assumed", "假定的结果")


_REASONS: Final[Mapping[str, Callable[[Any, str, CallContext, Sequence[str]], Words]]] = {
    "schedule": _time,
    "region": _place,
    "menu": _keys,
    "collect": _keys,
    "condition": _values,
    "set": _values,
    "caller_list": _listed,
    "split": _lot,
    "hangup": _plain,
    "play": _plain,
    "announce": _plain,
}
