"""Enterprises on the wire. Money is decimal text in yuan, never a float."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from hotline.db.rows import AnyRow
from hotline.staff.schemas import LoginName, Name, Password, Wire


def _no_float(value: object) -> object:
    if isinstance(value, float):
        raise ValueError('must be decimal text, such as "12.50"')
    return value


def _plain(value: Decimal) -> str:
    return f"{value:.4f}"


Yuan = Annotated[
    Decimal,
    BeforeValidator(_no_float, json_schema_input_type=str),
    PlainSerializer(_plain, return_type=str),
    Field(max_digits=14, decimal_places=4, allow_inf_nan=False),
]
"""An amount in yuan with at most four decimal places; text on the wire."""


class Enterprise(BaseModel):
    """A tenant of the platform."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "0193f0a2-0000-7000-8000-000000000001",
                "name": "蓝天物流",
                "status": "active",
                "balance": "1200.0000",
                "credit_limit": "0.0000",
                "created_at": "2026-03-01T08:00:00Z",
                "updated_at": "2026-03-01T08:00:00Z",
            }
        },
    )

    id: UUID
    name: str
    status: Literal["active", "suspended"]
    balance: Yuan
    credit_limit: Yuan
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: AnyRow) -> Self:
        return cls.model_validate(row)


class FirstAdministrator(Wire):
    """Who will set the enterprise up."""

    login: LoginName
    name: Name
    password: Password


class EnterpriseCreate(Wire):
    """A new enterprise; it begins without money."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "name": "蓝天物流",
                "administrator": {
                    "login": "zhao@lantian",
                    "name": "赵敏",
                    "password": "lantern-river-42",
                },
            }
        },
    )

    name: Annotated[Name, Field(max_length=64)]
    administrator: FirstAdministrator


class EnterpriseUpdate(Wire):
    """What is left out stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"credit_limit": "500.00"}}
    )

    name: Name | None = None
    credit_limit: Annotated[Yuan, Field(ge=0)] | None = None


class BalanceAdjustment(Wire):
    """Money put in (positive) or taken out (negative)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"amount": "1000.00", "note": "银行转账 20260301"}},
    )

    amount: Yuan
    note: Annotated[str, Field(min_length=1, max_length=200)]
