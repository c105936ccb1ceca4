"""Why a call takes an exit, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from hotline.calls.context import CHINA_TIME, CallContext
from hotline.flows.deciding import ScheduleNode
from hotline.flows.holidays import LAST_YEAR, DayKind
from hotline.flows.reaching import ExtensionNode
from hotline.flows.rules import day_at
from hotline.kit.errors import Words

_PLAIN: Final = DayKind.ORDINARY
_DAYS: Final = {
    _PLAIN: Words("", ""),
    DayKind.HOLIDAY: Words(", a public holiday", "，法定节假日"),
    DayKind.MAKE_UP_WORKDAY: Words(", a make-up workday", "，调休上班日"),
}


_OWN_DAY: Final = Words(", a day with hours of its own", "，特殊日期")
_NO_CALENDAR: Final = Words(
    f"; the calendar ends with {LAST_YEAR}", f"（日历收录到 {LAST_YEAR} 年，之后的假日请自行指定）"
)


def reason_of(node: Any, by: str, ctx: CallContext, keyed: Sequence[str], *, given: bool) -> Words:
    """Why ``node`` is left by ``by``; ``keyed`` is what was keyed in there."""
    if given:
        return Words("as you said", "按您指定的结果")
    found = _REASONS.get(node.kind, _assumed)
    return found(node, by, ctx, keyed)


def _time(node: ScheduleNode, _: str, ctx: CallContext, __: Sequence[str]) -> Words:
    """The time there and what day it is; that the calendar has no such year yet."""
    schedules = ctx.facts.settings.material.schedules
    kept = schedules.get(node.schedule) if node.schedule is not None else None
    if node.schedule is not None and kept is None:
        return Words("these opening hours are gone: open", "该营业时间已不存在，按营业处理")
    now = ctx.parts.clock.now()
    there = day_at(node, kept, now)
    at = now.astimezone(there.zone)
    day = _OWN_DAY if there.own else _DAYS[there.kind]
    zone = "" if there.zone == CHINA_TIME else f" ({there.zone.key})"
    unknown = _NO_CALENDAR if node.calendar == "china" and at.year > LAST_YEAR else _DAYS[_PLAIN]
    said = at.strftime("%Y-%m-%d %H:%M") + zone
    weekday = "一二三四五六日"[at.weekday()]
    return Words(
        f"it is {at:%A} {said}{day.en}{unknown.en}",
        f"当时是 {said}，星期{weekday}{day.zh}{unknown.zh}",
    )


def _code(_: Any, by: str, __: CallContext, keyed: Sequence[str]) -> Words:
    if by == "accepted":
        return Words("whatever code is keyed in is taken for right", "已输入密码，假定正确")
    last = keyed[-1] if keyed else ""
    if last:
        return Words(f"{last} is too short for a code", f"输入的 {last} 位数不足")
    return Words("nothing is keyed in", "没有按键")


def _reached(node: ExtensionNode, by: str, ctx: CallContext, keyed: Sequence[str]) -> Words:
    wanted = node.extension or ctx.variables.get(node.variable, "")
    spelled = f"{keyed[0]}: " if node.by == "name" and keyed else ""
    if by != "unknown":
        return Words(f"{spelled}{wanted} answers, it is assumed", f"{spelled}假定 {wanted} 接听")
    if node.by == "name":
        return Words(f"{spelled}nobody is called that", f"{spelled}查无此人")
    return Words(f"nobody has the extension “{wanted}”", f"没有分机“{wanted}”")


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
    "password": _code,
    "extension": _reached,
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
