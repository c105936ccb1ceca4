"""Nodes that decide which way a call goes, and those that work with variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Final, Literal, TypeAlias
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from hotline.flows.base import (
    NO_EXITS,
    BaseNode,
    ExitName,
    Exits,
    Reference,
    Refers,
    Settings,
    Template,
    VariableName,
)
from hotline.kit.errors import Words
from hotline.kit.validation import refusal
from hotline.schedules.hours import MAX_SPECIAL_DAYS, SpecialDays, TimeZone, Weekday, Weekly

Days: TypeAlias = Annotated[tuple[date, ...], Field(max_length=MAX_SPECIAL_DAYS)]


class Period(Settings):
    """Times of the week, and of days of their own, that are left by ``exit``: peak, night …"""

    exit: ExitName
    weekly: Weekly
    special_days: SpecialDays = Field(default_factory=dict)


class ScheduleNode(BaseNode):
    """Which way at this time: by kept opening hours, or by periods of its own in their order."""

    kind: Literal["schedule"] = "schedule"
    schedule: UUID | None = Field(None, description="Kept opening hours: exits open and closed.")
    periods: Annotated[tuple[Period, ...], Field(max_length=20)] = ()
    time_zone: TimeZone = Field("Asia/Shanghai", description="Of the periods.")
    calendar: Literal["none", "china"] = Field(
        "none",
        description="china: public holidays are left by holiday, and a weekend day that is worked "
        "instead has the hours of workday_as. Days of one's own go before.",
    )
    workday_as: Weekday = Field("1", description="Which weekday a make-up workday is like.")
    holidays: Days = Field((), description="Further holidays: of a year that calendar has not yet.")
    workdays: Days = Field((), description="Further make-up workdays, likewise.")

    always_left_by: ClassVar[Exits] = NO_EXITS

    @model_validator(mode="after")
    def _one_kind(self) -> ScheduleNode:
        if (self.schedule is None) == (not self.periods):
            raise refusal(Words("give either schedule or periods", "请指定营业时间，或列出时段"))
        if self.calendar == "none" and (self.holidays or self.workdays):
            words = Words("holidays and workdays belong to a calendar", "请先选用节假日日历")
            raise refusal(words)
        if twice := set(self.holidays) & set(self.workdays):
            day = min(twice).isoformat()
            raise refusal(
                Words(f"{day} is a holiday and a workday", f"{day} 不能既是节假日又是上班日")
            )
        return self

    def exit_names(self) -> Exits:
        own = {period.exit for period in self.periods} | {"otherwise"}
        ways = {"open", "closed"} if self.schedule is not None else own
        return NO_EXITS.and_also(*ways, *(["holiday"] if self.calendar == "china" else []))

    def references(self) -> Iterator[Reference]:
        if self.schedule is not None:
            yield Reference(Refers.SCHEDULE, self.schedule)


Name: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Names: TypeAlias = Annotated[tuple[Name, ...], Field(max_length=400)]


class RegionRule(Settings):
    """Callers from any of these leave by ``exit``."""

    exit: ExitName
    provinces: Names = Field((), description="Bare, as 广东.")
    cities: Annotated[tuple[tuple[Name, Name], ...], Field(max_length=400)] = Field(
        (), description="Province and city: 广东, 深圳."
    )
    area_codes: Names = Field((), description="With the 0: 0755.")


class RegionNode(BaseNode):
    """Which way by where the caller's number is from; the first rule that holds decides."""

    kind: Literal["region"] = "region"
    rules: Annotated[tuple[RegionRule, ...], Field(min_length=1, max_length=500)]

    always_left_by: ClassVar[Exits] = Exits(frozenset({"otherwise"}))

    def exit_names(self) -> Exits:
        return self.always_left_by.and_also(*(rule.exit for rule in self.rules))


class Share(Settings):
    exit: ExitName
    percent: Annotated[int, Field(ge=1, le=100)]


class SplitNode(BaseNode):
    """Which way by lot, each as often as its percentage says."""

    kind: Literal["split"] = "split"
    shares: Annotated[tuple[Share, ...], Field(min_length=1, max_length=20)]

    always_left_by: ClassVar[Exits] = NO_EXITS

    @model_validator(mode="after")
    def _whole(self) -> SplitNode:
        if sum(share.percent for share in self.shares) != 100:
            raise refusal(Words("percentages must add up to 100", "各比例之和须为 100"))
        return self

    def exit_names(self) -> Exits:
        return NO_EXITS.and_also(*(share.exit for share in self.shares))


SERVED: Final = frozenset({"answered", "callback"})
"""How callers leave whom an extension or queue of their own has served."""


class CallerListNode(BaseNode):
    """Whether the caller's number is on a list.

    An entry with an extension or queue of its own leads there at once; ``listed`` is for the rest,
    and for those whom it did not bring to anybody. Who has talked there goes on by ``answered``,
    who will be called back by ``callback``.
    """

    kind: Literal["caller_list"] = "caller_list"
    caller_list: UUID
    vip: bool = Field(
        True, description="Agents are shown that those on it are VIPs; false for other lists."
    )

    always_left_by: ClassVar[Exits] = Exits(frozenset({"listed", "otherwise"}), SERVED)

    def waits_before(self, by: str) -> bool:
        return by in SERVED

    def references(self) -> Iterator[Reference]:
        yield Reference(Refers.CALLER_LIST, self.caller_list)


class Comparison(Settings):
    """One test of a variable; numbers are compared as numbers where both are such."""

    variable: VariableName
    is_: Literal[
        "equal", "different", "less", "greater", "contains", "starts_with", "empty", "filled"
    ] = Field("equal", alias="is")
    value: Template = ""


class ConditionNode(BaseNode):
    """Whether tests of variables hold, all of them or any."""

    kind: Literal["condition"] = "condition"
    tests: Annotated[tuple[Comparison, ...], Field(min_length=1, max_length=20)]
    of: Literal["all", "any"] = "all"

    always_left_by: ClassVar[Exits] = Exits(frozenset({"true", "false"}))


class SetNode(BaseNode):
    """Give variables values."""

    kind: Literal["set"] = "set"
    values: Annotated[Mapping[VariableName, Template], Field(min_length=1, max_length=20)]


Address: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^https?://[^\s{}/?#@]+([/?#]\S*)?$", max_length=1000)
]
JsonPath: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[^.\s]+(\.[^.\s]+){0,9}$")]


class HttpNode(BaseNode):
    """Ask an enterprise's own server, and keep parts of its answer in variables.

    The host must be one that the operator allows. Redirects are not followed.
    """

    kind: Literal["http"] = "http"
    method: Literal["GET", "POST"] = "GET"
    url: Address = Field(description="{name} stands for a variable, after the host only.")
    headers: Annotated[Mapping[Name, Template], Field(max_length=10)] = Field(default_factory=dict)
    body: dict[str, Any] | None = Field(
        None, description="Sent as JSON; {name} in its texts stands for a variable."
    )
    timeout: Annotated[float, Field(ge=0.5, le=10)] = Field(3, description="Seconds.")
    keep: Annotated[Mapping[VariableName, JsonPath], Field(max_length=20)] = Field(
        default_factory=dict, description="Variable → where in the JSON answer: data.items.0.name"
    )

    listens: ClassVar[bool] = False

    always_left_by: ClassVar[Exits] = Exits(frozenset({"next", "failed"}))
