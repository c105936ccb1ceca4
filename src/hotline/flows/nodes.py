"""Nodes that speak to callers, ask them for keys, and end calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from hotline.calls.sounds import SystemSound
from hotline.flows.base import (
    NO_EXITS,
    BaseNode,
    ExitName,
    Exits,
    Key,
    Reference,
    Refers,
    Seconds,
    Sounds,
    Template,
    Tries,
    VariableName,
    prompts_in,
)
from hotline.kit.errors import Words
from hotline.kit.validation import refusal
from hotline.telephony.port import Cause


class PlayNode(BaseNode):
    """Say something. Without ``keys_skip`` it is said to its end."""

    kind: Literal["play"] = "play"
    sounds: Sounds
    keys_skip: bool = Field(False, description="Any key skips the rest.")

    def references(self) -> Iterator[Reference]:
        yield from prompts_in(*self.sounds)


class AnnounceNode(BaseNode):
    """Say a value in Mandarin: a date, a time, digits, a number, an amount of yuan."""

    kind: Literal["announce"] = "announce"
    say: Literal["date", "time", "digits", "number", "amount"]
    value: Template = Field(
        "", description="Empty for a date or time: now. Dates as 2026-10-01, times as 09:30."
    )

    always_left_by: ClassVar[Exits] = Exits(frozenset({"next"}), frozenset({"unreadable"}))


class MenuNode(BaseNode):
    """Say what the keys do and wait for one; each key is an exit."""

    kind: Literal["menu"] = "menu"
    sounds: Sounds
    keys: Annotated[tuple[Key, ...], Field(min_length=1, max_length=12)]
    tries: Tries = 3
    timeout: Seconds = Field(5, description="Seconds of silence after the last word.")
    barge_in: bool = Field(True, description="A key counts while the words are still said.")
    wrong_sounds: Sounds = Field((), description="Said after a key that is none of the menu's.")
    extension_digits: Annotated[int, Field(ge=0, le=8)] = Field(
        0,
        description="Digits of an extension that may be dialled instead, also one that begins with"
        " a key: that then counts after 2.5 seconds; 0: none.",
    )

    always_left_by: ClassVar[Exits] = Exits(frozenset({"timeout", "wrong"}))
    listens: ClassVar[bool] = True

    @model_validator(mode="after")
    def _keys_differ(self) -> MenuNode:
        if len(set(self.keys)) < len(self.keys):
            raise refusal(Words("names a key twice", "同一个按键出现了两次"))
        return self

    def exit_names(self) -> Exits:
        extension = ["extension"] if self.extension_digits else []
        return self.always_left_by.and_also(*self.keys, *extension)

    def references(self) -> Iterator[Reference]:
        yield from prompts_in(*self.sounds, *self.wrong_sounds)


class CollectNode(BaseNode):
    """Ask for digits and keep them in a variable."""

    kind: Literal["collect"] = "collect"
    variable: VariableName
    sounds: Sounds
    min_digits: Annotated[int, Field(ge=1, le=32)] = 1
    max_digits: Annotated[int, Field(ge=1, le=32)] = 11
    terminator: Literal["#", "*", ""] = "#"
    tries: Tries = 3
    timeout: Seconds = 6
    digit_timeout: Seconds = Field(3, description="Seconds between two digits.")
    wrong_sounds: Sounds = Field((), description="Said after too few digits.")
    secret: bool = Field(False, description="Never written down; forgotten after the call.")

    listens: ClassVar[bool] = True

    @model_validator(mode="after")
    def _in_order(self) -> CollectNode:
        if self.min_digits > self.max_digits:
            raise refusal(Words("min_digits is above max_digits", "最少位数大于最多位数"))
        return self

    always_left_by: ClassVar[Exits] = Exits(frozenset({"next", "timeout", "wrong"}))

    def references(self) -> Iterator[Reference]:
        yield from prompts_in(*self.sounds, *self.wrong_sounds)


class PasswordNode(BaseNode):
    """Let in who knows a code of the list; who fails too often is locked out for a while."""

    kind: Literal["password"] = "password"
    code_list: UUID
    sounds: Sounds
    wrong_sounds: Sounds = ()
    tries: Tries = 3
    timeout: Seconds = 8
    variable: VariableName | None = Field(
        None, description="Keeps the name that the list has for the code."
    )

    listens: ClassVar[bool] = True
    at_once: ClassVar[frozenset[str]] = frozenset({"locked"})

    always_left_by: ClassVar[Exits] = Exits(frozenset({"accepted", "wrong", "timeout", "locked"}))

    def references(self) -> Iterator[Reference]:
        yield Reference(Refers.CODE_LIST, self.code_list)
        yield from prompts_in(*self.sounds, *self.wrong_sounds)


class HangupNode(BaseNode):
    """Say a last word and end the call."""

    kind: Literal["hangup"] = "hangup"
    prompt: UUID | None = None
    notice: SystemSound | None = Field(None, description="Said where the prompt is not ready.")
    answer: bool = Field(True, description="False: say it without taking the call first.")
    cause: Cause = Field(Cause.NORMAL, description="Q.850")
    closed: bool = Field(False, description="Count the call as refused outside opening hours.")

    always_left_by: ClassVar[Exits] = NO_EXITS

    def references(self) -> Iterator[Reference]:
        if self.prompt is not None:
            yield Reference(Refers.PROMPT, self.prompt)


class SubflowNode(BaseNode):
    """Walk through another published flow and come back by the exit that its return names."""

    kind: Literal["subflow"] = "subflow"
    flow: UUID
    results: Annotated[tuple[ExitName, ...], Field(max_length=20)] = Field(
        (), description="Exits besides next, by which the other flow may return."
    )

    def exit_names(self) -> Exits:
        return self.always_left_by.and_also(*self.results)

    def references(self) -> Iterator[Reference]:
        yield Reference(Refers.FLOW, self.flow)


class ReturnNode(BaseNode):
    """Go back to the flow that this one was entered from; without one the call ends."""

    kind: Literal["return"] = "return"
    result: ExitName = "next"

    always_left_by: ClassVar[Exits] = NO_EXITS


class FaxNode(BaseNode):
    """Receive a fax. This installation cannot yet: a flow with it is not published."""

    kind: Literal["fax"] = "fax"

    listens: ClassVar[bool] = True

    always_left_by: ClassVar[Exits] = Exits(frozenset({"unavailable"}))


ExtensionNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,8}$")]
