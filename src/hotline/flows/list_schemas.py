"""Lists of callers and of codes on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from sqlalchemy import RowMapping

from hotline.flows.nodes import ExtensionNumber
from hotline.flows.schemas import VERSION, Name
from hotline.kit.errors import Words
from hotline.kit.validation import SensibleInstant, refusal
from hotline.kit.versions import version_of
from hotline.screening.rules import Match, PatternError, pattern_of


def _number(entered: str) -> str:
    try:
        return pattern_of(entered, Match.NUMBER)
    except PatternError as error:
        raise refusal(error.words) from error


Number: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=40), AfterValidator(_number)
]
Note: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Label: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Code: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]{4,6}$")]
TriesAllowed: TypeAlias = Annotated[
    int, Field(ge=1, le=20, description="Wrong codes in a row before the caller is locked out.")
]
Lockout: TypeAlias = Annotated[int, Field(ge=1, le=10_080)]


class NewCallerList(BaseModel):
    """A list of callers' numbers."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "贵宾"}})

    name: Name


class CallerListChange(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "贵宾"}})

    name: Name = ""


class CallerList(BaseModel):
    id: UUID
    name: str
    created_at: datetime
    updated_at: datetime
    version: str = VERSION

    @classmethod
    def of(cls, row: RowMapping) -> CallerList:
        return cls(
            **{name: row[name] for name in cls.model_fields if name != "version"},
            version=version_of(row["updated_at"]),
        )


class NewCaller(BaseModel):
    """A number, and where it goes straight away: an extension, a queue, or neither."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"number": "13812345678", "extension": "8001"}},
    )

    number: Number
    note: Note = ""
    extension: ExtensionNumber | None = None
    queue_id: UUID | None = None
    until: SensibleInstant | None = Field(None, description="null: for ever.")

    @model_validator(mode="after")
    def _one_way(self) -> NewCaller:
        if self.extension is not None and self.queue_id is not None:
            raise refusal(Words("give extension or queue_id", "分机与座席组只能指定一个"))
        return self


class Caller(BaseModel):
    """A number on a list."""

    id: UUID
    number: str
    note: str
    extension: str | None
    queue_id: UUID | None
    until: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, row: RowMapping) -> Caller:
        return cls(**{name: row[name] for name in cls.model_fields})


class NewCodeList(BaseModel):
    """A list of codes that let callers in."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "会员密码"}})

    name: Name
    tries_allowed: TriesAllowed = 5
    lockout_minutes: Lockout = 30


class CodeListChange(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"lockout_minutes": 60}}
    )

    name: Name = ""
    tries_allowed: TriesAllowed = 5
    lockout_minutes: Lockout = 30


class CodeList(BaseModel):
    id: UUID
    name: str
    tries_allowed: int
    lockout_minutes: int
    created_at: datetime
    updated_at: datetime
    version: str = VERSION

    @classmethod
    def of(cls, row: RowMapping) -> CodeList:
        return cls(
            **{name: row[name] for name in cls.model_fields if name != "version"},
            version=version_of(row["updated_at"]),
        )


class NewCode(BaseModel):
    """A code of four to six digits. It is never shown again."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"code": "2468", "label": "华东代理"}}
    )

    code: Code
    label: Label = ""
    until: SensibleInstant | None = Field(None, description="null: for ever.")


class LockedOut(BaseModel):
    """A caller whom too many wrong codes have locked out."""

    caller: str = Field(description="Empty: all who show no number.")
    last_at: datetime
    locked_until: datetime


class Unlock(BaseModel):
    """Whom to let try again."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"caller": "13812345678"}}
    )

    caller: Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{0,20}$")]


class KeptCode(BaseModel):
    """What is known of a code besides the code itself."""

    id: UUID
    label: str
    until: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, row: RowMapping) -> KeptCode:
        return cls(**{name: row[name] for name in cls.model_fields})
