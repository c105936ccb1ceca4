"""What all nodes of a flow have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, Final, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from hotline.calls.sounds import SystemSound
from hotline.kit.errors import Words
from hotline.kit.validation import refusal

MAX_SOUNDS = 10

NodeId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
ExitName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_*#-]{1,40}$")]
Key: TypeAlias = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"]
VariableName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Template: TypeAlias = Annotated[
    str,
    StringConstraints(max_length=500),
    Field(description="Text in which {name} stands for a variable."),
]
Tries: TypeAlias = Annotated[int, Field(ge=1, le=10)]
Seconds: TypeAlias = Annotated[float, Field(ge=1, le=60, description="Seconds.")]


class Refers(StrEnum):
    """What a node may name by its id."""

    PROMPT = "prompt"
    SCHEDULE = "schedule"
    GROUP = "group"
    DESTINATION = "destination"
    FLOW = "flow"
    CALLER_LIST = "caller_list"
    CODE_LIST = "code_list"
    QUEUE = "queue"
    VOICEMAIL_BOX = "voicemail_box"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing that a node names."""

    kind: Refers
    id: UUID


@dataclass(frozen=True, slots=True)
class Exits:
    """The names by which a node is left."""

    required: frozenset[str]
    """Each must lead somewhere."""
    optional: frozenset[str] = frozenset()
    """Where one leads nowhere the flow is over."""

    @property
    def all(self) -> frozenset[str]:
        return self.required | self.optional

    def and_also(self, *required: str) -> Exits:
        """With these, which must lead somewhere too."""
        return Exits(self.required | frozenset(required), self.optional)


NO_EXITS: Final = Exits(frozenset())


class Settings(BaseModel):
    """A part of a node's settings; strict, so that a misspelt one is found at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sound(Settings):
    """One thing to say: a prompt of the enterprise or an announcement of the platform."""

    prompt: UUID | None = None
    notice: SystemSound | None = None

    @model_validator(mode="after")
    def _one(self) -> Sound:
        if (self.prompt is None) == (self.notice is None):
            raise refusal(Words("give either prompt or notice", "请指定一条语音或一条系统提示"))
        return self


Sounds: TypeAlias = Annotated[tuple[Sound, ...], Field(max_length=MAX_SOUNDS)]


def prompts_in(*sounds: Sound) -> Iterator[Reference]:
    for sound in sounds:
        if sound.prompt is not None:
            yield Reference(Refers.PROMPT, sound.prompt)


class BaseNode(Settings):
    """One step of a flow. ``exits`` says which node follows by which exit."""

    id: NodeId
    title: Annotated[str, StringConstraints(max_length=100)] = Field(
        "", description="What people call it."
    )
    exits: Mapping[ExitName, NodeId] = Field(default_factory=dict)
    position: tuple[float, float] | None = Field(
        None, description="Where an editor shows it; calls do not care."
    )

    listens: ClassVar[bool] = False
    """Whether it waits for what a person does: a circle of nodes of which none does is endless."""

    at_once: ClassVar[frozenset[str]] = frozenset()
    """The exits that one which listens may take without having waited."""

    always_left_by: ClassVar[Exits] = Exits(frozenset({"next"}))
    """The exits that it has whatever its settings are."""

    def exit_names(self) -> Exits:
        return self.always_left_by

    def waits_before(self, by: str) -> bool:
        """Whether somebody was waited for whenever it is left by that exit."""
        return self.listens and by not in self.at_once

    def references(self) -> Iterator[Reference]:
        yield from ()
