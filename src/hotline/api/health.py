"""For those who watch the process: is it alive, can it work."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError

from hotline.api.parts import parts_of
from hotline.kit.errors import UnavailableError, Words

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """That it answers."""

    status: Literal["ok"] = "ok"


@router.get("/health", summary="The process answers")
async def health_read() -> Health:
    return Health()


@router.get("/ready", summary="The database answers too")
async def ready_read(request: Request) -> Health:
    try:
        await parts_of(request).database.ping()
    except (DBAPIError, OSError) as error:
        raise UnavailableError(Words("the database", "数据库")) from error
    return Health()
