"""Nodes that say, decide and end; those that put callers through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from hotline.calls.sounds import SystemSound
from hotline.flows.base import (
    BaseNode,
    ExitName,
    Exits,
    Reference,
    Refers,
    Settings,
    Sounds,
    prompts_in,
)
from hotline.telephony.port import Cause


class PlayNode(BaseNode):
    """Say something. Without ``keys_skip`` it is said to its end."""

    kind: Literal["play"] = "play"
    sounds: Sounds
    keys_skip: bool = Field(False, description="Any key skips the rest.")

    waits: ClassVar[bool] = True

    def references(self) -> Iterator[Reference]:
        yield from prompts_in(*self.sounds)


class HangupNode(BaseNode):
    """Say a last word and end the call."""

    kind: Literal["hangup"] = "hangup"
    prompt: UUID | None = None
    notice: SystemSound | None = Field(None, description="Said where the prompt is not ready.")
    answer: bool = Field(True, description="False: say it without taking the call first.")
    cause: Cause = Field(Cause.NORMAL, description="Q.850")
    closed: bool = Field(False, description="Count the call as refused outside opening hours.")

    waits: ClassVar[bool] = True

    def exit_names(self) -> Exits:
        return Exits(frozenset())

    def references(self) -> Iterator[Reference]:
        if self.prompt is not None:
            yield Reference(Refers.PROMPT, self.prompt)


class ScheduleNode(BaseNode):
    """Which way at this time."""

    kind: Literal["schedule"] = "schedule"
    schedule: UUID

    def exit_names(self) -> Exits:
        return Exits(frozenset({"open", "closed"}))

    def references(self) -> Iterator[Reference]:
        yield Reference(Refers.SCHEDULE, self.schedule)


class RegionRule(Settings):
    """Callers from any of these leave by ``exit``."""

    exit: ExitName
    provinces: tuple[str, ...] = ()
    cities: tuple[tuple[str, str], ...] = Field((), description="Province and city.")
    area_codes: tuple[str, ...] = Field((), description="With the 0: 0755.")


class RegionNode(BaseNode):
    """Which way by where the caller's number is from; the first rule that holds decides."""

    kind: Literal["region"] = "region"
    rules: Annotated[tuple[RegionRule, ...], Field(max_length=500)]

    def exit_names(self) -> Exits:
        return Exits(frozenset({rule.exit for rule in self.rules} | {"otherwise"}))


class GroupNode(BaseNode):
    """Forward to the destinations of a group until one talks.

    Once the talk is over ``answered`` is where a caller goes who is still there.
    """

    kind: Literal["group"] = "group"
    group: UUID

    waits: ClassVar[bool] = True

    def exit_names(self) -> Exits:
        return Exits(frozenset({"unanswered"}), frozenset({"answered"}))

    def references(self) -> Iterator[Reference]:
        yield Reference(Refers.GROUP, self.group)
