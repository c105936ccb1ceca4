"""Nodes that put callers through to somebody, or keep what they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Final, Literal
from uuid import UUID

from pydantic import Field, model_validator

from hotline.flows.base import (
    BaseNode,
    Exits,
    Reference,
    Refers,
    Seconds,
    Sounds,
    Tries,
    VariableName,
    prompts_in,
)
from hotline.flows.nodes import ExtensionNumber
from hotline.kit.errors import Words
from hotline.kit.validation import refusal


class _Reaching(BaseNode):
    """``answered`` is where a caller goes who is still there when the talk is over."""

    listens: ClassVar[bool] = True
    at_once: ClassVar[frozenset[str]] = frozenset({"unanswered"})
    """Nobody there is free."""


class GroupNode(_Reaching):
    """Forward to the destinations of a group until one talks."""

    kind: Literal["group"] = "group"
    group: UUID

    always_left_by: ClassVar[Exits] = Exits(frozenset({"unanswered"}), frozenset({"answered"}))

    def references(self) -> Iterator[Reference]:
        yield Reference(Refers.GROUP, self.group)


class TransferNode(_Reaching):
    """Forward to one approved destination."""

    kind: Literal["transfer"] = "transfer"
    destination: UUID

    always_left_by: ClassVar[Exits] = Exits(frozenset({"unanswered"}), frozenset({"answered"}))

    def references(self) -> Iterator[Reference]:
        yield Reference(Refers.DESTINATION, self.destination)


class ExtensionNode(_Reaching):
    """Ring the agent, or wait in the queue, of a given extension or of the one in a variable.

    ``by`` name: the caller spells an agent's name on the keys, in pinyin or by its initials, and
    chooses where several are meant; the variable then has the extension.
    """

    kind: Literal["extension"] = "extension"
    extension: ExtensionNumber | None = None
    variable: VariableName = Field("extension", description="Where no extension is given.")
    by: Literal["number", "name"] = "number"
    sounds: Sounds = Field((), description="By name: asks for it; otherwise the platform's words.")
    wrong_sounds: Sounds = Field((), description="By name: said where nobody is called that.")
    tries: Tries = 3
    timeout: Seconds = Field(8, description="By name: seconds of silence after the last word.")

    @model_validator(mode="after")
    def _one_way(self) -> ExtensionNode:
        if self.by == "name" and self.extension is not None:
            raise refusal(Words("an extension is given", "已指定分机，不能再按姓名查找"))
        return self

    def references(self) -> Iterator[Reference]:
        yield from prompts_in(*self.sounds, *self.wrong_sounds)

    def waits_before(self, by: str) -> bool:
        return self.by == "name" or by not in self.at_once

    at_once: ClassVar[frozenset[str]] = frozenset({"unanswered", "unknown"})
    always_left_by: ClassVar[Exits] = Exits(
        frozenset({"unanswered", "unknown"}), frozenset({"answered", "callback"})
    )


AS_TIMEOUT: Final = frozenset({"full", "nobody", "leave", "voicemail"})
"""Of a queue: where one of these leads nowhere the caller, unserved, goes on by timeout."""


class QueueNode(_Reaching):
    """Wait for an agent. What the queue itself says comes next goes before these exits.

    Of full, nobody, leave and voicemail one that leads nowhere is timeout.
    """

    kind: Literal["queue"] = "queue"
    queue: UUID
    priority: Annotated[int, Field(ge=-10, le=10)] = Field(0, description="Higher is served first.")

    always_left_by: ClassVar[Exits] = Exits(
        frozenset({"timeout", "unavailable"}),
        frozenset({"answered", "full", "nobody", "leave", "voicemail", "callback"}),
    )
    at_once: ClassVar[frozenset[str]] = frozenset({"unavailable", "full", "nobody"})

    def references(self) -> Iterator[Reference]:
        yield Reference(Refers.QUEUE, self.queue)


class VoicemailNode(BaseNode):
    """Take a message, into a given box or that of the agent or queue whom the caller wanted."""

    kind: Literal["voicemail"] = "voicemail"
    box: UUID | None = None
    variable: VariableName | None = Field(
        None,
        description="Holds an extension: the message goes into the box of that agent or queue, and"
        " into `box` where they have none.",
    )

    listens: ClassVar[bool] = True
    at_once: ClassVar[frozenset[str]] = frozenset({"unavailable"})

    @model_validator(mode="after")
    def _some_box(self) -> VoicemailNode:
        if self.box is None and self.variable is None:
            raise refusal(Words("name a box or a variable", "请选择语音信箱，或指定分机号所在变量"))
        return self

    always_left_by: ClassVar[Exits] = Exits(
        frozenset(), frozenset({"left", "empty", "unavailable"})
    )

    def references(self) -> Iterator[Reference]:
        if self.box is not None:
            yield Reference(Refers.VOICEMAIL_BOX, self.box)


class SurveyNode(BaseNode):
    """Ask the caller how the talk was."""

    kind: Literal["survey"] = "survey"
    survey: UUID

    listens: ClassVar[bool] = False
    """Who was asked about a talk already is not asked again."""

    always_left_by: ClassVar[Exits] = Exits(
        frozenset(), frozenset({"answered", "unanswered", "unavailable"})
    )

    def references(self) -> Iterator[Reference]:
        yield Reference(Refers.SURVEY, self.survey)
