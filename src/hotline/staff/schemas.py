"""People, keys and audit entries on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from hotline.db.rows import AnyRow
from hotline.staff.keys import NewKey
from hotline.staff.permissions import Permission, Role
from hotline.staff.users import NewUser, UserChange

LoginName = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=2,
        max_length=64,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]*$",
    ),
]
Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$"
    ),
]
Password = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class Wire(BaseModel):
    """A body that takes no unknown fields."""

    model_config = ConfigDict(extra="forbid")


class User(BaseModel):
    """A person."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "0193f0a2-5a0c-7c7e-9d3b-0a1b2c3d4e5f",
                "login": "wang.fang",
                "name": "王芳",
                "role": "supervisor",
                "status": "active",
                "created_at": "2026-03-01T08:00:00Z",
                "updated_at": "2026-03-01T08:00:00Z",
            }
        },
    )

    id: UUID
    login: str
    name: str
    role: Role
    status: Literal["active", "disabled"]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: AnyRow) -> Self:
        return cls.model_validate(row)


class UserCreate(Wire):
    """A new person; they should change the password at their first login."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "login": "wang.fang",
                "name": "王芳",
                "role": "supervisor",
                "password": "lantern-river-42",
            }
        },
    )

    login: LoginName
    name: Name
    role: Role
    password: Password

    def as_new(self) -> NewUser:
        return NewUser(self.login, self.name, self.role, self.password)


class OperatorCreate(Wire):
    """A new person of the operator's."""

    login: LoginName
    name: Name
    password: Password

    def as_new(self) -> NewUser:
        return NewUser(self.login, self.name, Role.OPERATOR, self.password)


class UserUpdate(Wire):
    """What is left out stays. A new password, or disabling, ends the person's sessions."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"role": "agent", "status": "active"}}
    )

    name: Name | None = None
    role: Role | None = None
    status: Literal["active", "disabled"] | None = None
    password: Password | None = None

    def as_change(self) -> UserChange:
        active = None if self.status is None else self.status == "active"
        return UserChange(self.name, self.role, active, self.password)


class ApiKey(BaseModel):
    """A program's key, without its secret."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    prefix: str = Field(description="The key begins with `hl_<prefix>_`.")
    scopes: list[str]
    created_by: UUID | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute.")

    @classmethod
    def of(cls, row: AnyRow) -> Self:
        return cls.model_validate(row)


class ApiKeyCreate(Wire):
    """A new key; it can hold no more than its maker."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"name": "CRM", "scopes": ["calls.read"]}},
    )

    name: Name
    scopes: list[Permission] = Field(min_length=1, max_length=len(Permission))
    expires_at: AwareDatetime | None = None

    def as_new(self) -> NewKey:
        return NewKey(self.name, frozenset(self.scopes), self.expires_at)


class ApiKeyCreated(ApiKey):
    """The only time that the key itself is shown."""

    key: str


class AuditEntry(BaseModel):
    """Who changed what."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "0193f0a2-5a0c-7c7e-9d3b-0a1b2c3d4e5f",
                "enterprise_id": "0193f0a2-0000-7000-8000-000000000001",
                "at": "2026-03-01T08:00:00Z",
                "actor_kind": "user",
                "actor_id": "0193f0a2-0000-7000-8000-000000000002",
                "actor_name": "王芳",
                "action": "user.update",
                "object_type": "user",
                "object_id": "0193f0a2-0000-7000-8000-000000000003",
                "changes": {"role": ["agent", "supervisor"]},
                "address": "203.0.113.7",
            }
        },
    )

    id: UUID
    enterprise_id: UUID | None
    at: datetime
    actor_kind: Literal["user", "api_key", "system"]
    actor_id: UUID | None
    actor_name: str
    action: str
    object_type: str
    object_id: str
    changes: dict[str, Any] = Field(description="Field → [before, after].")
    address: str

    @classmethod
    def of(cls, row: AnyRow) -> Self:
        return cls.model_validate(row)
