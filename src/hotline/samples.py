"""What a new database is filled with, so that the first call can be made: two small companies.

The numbers are examples; 4006001234 and 4006005678 reach nobody in the real network from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hotline.staff.permissions import Role

OPERATOR_LOGIN = "operator"
OPERATOR_NAME = "平台运营"
_WORKDAYS = {str(day): [["09:00", "18:00"]] for day in range(1, 6)}


@dataclass(frozen=True, slots=True)
class SamplePerson:
    login: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class SampleDestination:
    number: str
    label: str
    ring_timeout: int = 20
    """Seconds."""


@dataclass(frozen=True, slots=True)
class SampleGroup:
    name: str
    strategy: str
    members: Sequence[str]
    """Numbers of destinations, in their order."""


@dataclass(frozen=True, slots=True)
class SampleAgent:
    extension: str
    name: str
    login: str | None = None
    """Of the person who signs in."""
    phone: str | None = None
    """The own phone, one of the destinations; None: a SIP phone."""
    skills: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SampleHotline:
    number: str
    name: str
    group: str
    greeting: str
    recording: bool = False
    recording_notice: str | None = None
    whisper: bool = False
    caller_id_mode: str = "caller"
    hours: str | None = None
    """Name of opening hours; None: always open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleEnterprise:
    name: str
    people: Sequence[SamplePerson] = ()
    destinations: Sequence[SampleDestination]
    agents: Sequence[SampleAgent] = ()
    groups: Sequence[SampleGroup]
    hours: Mapping[str, Mapping[str, list[list[str]]]] = field(default_factory=dict)
    """Name → intervals by ISO weekday."""
    blacklist: Sequence[str] = ()
    hotlines: Sequence[SampleHotline]


MORNING_STAR = SampleEnterprise(
    name="晨星科技有限公司",
    people=(
        SamplePerson("chenxing", "陈星", Role.ADMINISTRATOR),
        SamplePerson("chenxing.lin", "林悦", Role.SUPERVISOR),
        SamplePerson("chenxing.wang", "王芳", Role.AGENT),
        SamplePerson("chenxing.li", "李雷", Role.AGENT),
    ),
    destinations=(
        SampleDestination("13900000001", "前台"),
        SampleDestination("13900000002", "王芳手机"),
        SampleDestination("02150000003", "上海办事处"),
        SampleDestination("01060000004", "北京销售部"),
    ),
    agents=(
        SampleAgent("1001", "王芳", "chenxing.wang", skills={"英语": 8, "退款": 5}),
        SampleAgent("1002", "李雷", "chenxing.li", skills={"退款": 9}),
        SampleAgent("1003", "上海办事处", phone="02150000003"),
    ),
    groups=(
        SampleGroup("客服（队列）", "priority", ("13900000001", "13900000002")),
        SampleGroup("销售（随机）", "random", ("02150000003", "01060000004")),
    ),
    hotlines=(
        SampleHotline(
            "4006001234",
            "客服热线",
            "客服（队列）",
            "您好，欢迎致电晨星科技，正在为您转接，请稍候。",
            recording=True,
            recording_notice="为了提高服务质量，您的通话可能会被录音。",
            whisper=True,
        ),
    ),
)

BEGONIA = SampleEnterprise(
    name="海棠商贸有限公司",
    people=(SamplePerson("haitang", "海蓝", Role.ADMINISTRATOR),),
    destinations=(
        SampleDestination("13700000001", "一号专员"),
        SampleDestination("13700000002", "二号专员"),
        SampleDestination("13700000003", "三号专员"),
    ),
    agents=(SampleAgent("1001", "一号专员", phone="13700000001"),),
    groups=(
        SampleGroup("专员（顺序）", "sequential", ("13700000001", "13700000002", "13700000003")),
    ),
    hours={"工作日": _WORKDAYS},
    hotlines=(
        SampleHotline(
            "4006005678",
            "订购热线",
            "专员（顺序）",
            "您好，这里是海棠商贸订购热线。",
            caller_id_mode="hotline",
            hours="工作日",
        ),
    ),
)

SAMPLES: Sequence[SampleEnterprise] = (MORNING_STAR, BEGONIA)
