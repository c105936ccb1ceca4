"""Prompts on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeAlias
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import RowMapping

from hotline.kit.errors import Words
from hotline.kit.validation import refusal
from hotline.kit.versions import version_of
from hotline.speech.normalise import normalise
from hotline.speech.provider import MAX_SPEED, MIN_SPEED

PREVIEW_SIGNS: Final = 200


def _readable(text: str) -> str:
    if not normalise(text):
        raise refusal(Words("has nothing that can be read aloud", "没有可以朗读的内容"))
    return text


Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]
SpokenText: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(_readable),
]
ShortText: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=PREVIEW_SIGNS),
    AfterValidator(_readable),
]
VoiceId: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_-]{1,64}$")]
Speed: TypeAlias = Annotated[
    float, Field(ge=MIN_SPEED, le=MAX_SPEED, description="1.0 is the voice's own speed.")
]
_EXAMPLE: Final[dict[str, Any]] = {
    "name": "欢迎语",
    "text": "您好，欢迎致电阳光公司，请稍候，正在为您转接。",
    "voice": "zf_xiaoxiao",
    "speed": 1.0,
}


class NewPrompt(BaseModel):
    """A text to be spoken."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _EXAMPLE})

    name: Name
    text: SpokenText
    voice: VoiceId | None = Field(None, description="The site's usual voice, when absent.")
    speed: Speed = 1.0


class PromptChange(BaseModel):
    """What is absent stays. An uploaded prompt has a name only."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"text": "您好，我们已下班。"}}
    )

    name: Name = ""
    text: SpokenText = ""
    voice: VoiceId | None = None
    speed: Speed = 1.0


class Preview(BaseModel):
    """A short text to be heard at once, kept nowhere."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"text": "您好。", "voice": "zf_xiaoxiao"}}
    )

    text: ShortText
    voice: VoiceId | None = None
    speed: Speed = 1.0


class Prompt(BaseModel):
    """What a caller hears."""

    id: UUID
    name: str
    kind: Literal["text", "upload"]
    text: str | None
    voice: str | None
    speed: float
    status: Literal["pending", "ready", "failed"] = Field(
        description="Of the latest change; until it is ready the sound before serves."
    )
    error: str | None = Field(description="Why it failed, in Chinese or English.")
    playable: bool = Field(description="Whether there is a sound that callers hear now.")
    stand_in: bool = Field(
        description="Another voice than the one asked for speaks it for the time being."
    )
    duration_ms: int | None
    created_at: datetime
    updated_at: datetime
    version: str = Field(description="In quotes, the ETag that a change names in If-Match.")

    @classmethod
    def of(cls, row: RowMapping, *, chinese: bool) -> Prompt:
        values = {name: row[name] for name in cls.model_fields if name in row}
        if row["error"] is not None and chinese:
            values["error"] = row["error_zh"]
        return cls(
            **values,
            playable=row["content_hash"] is not None,
            version=version_of(row["updated_at"]),
        )


class VoiceChoice(BaseModel):
    """A voice that texts can be spoken with."""

    id: str
    name: str
    gender: Literal["female", "male", ""]
    provider: str
