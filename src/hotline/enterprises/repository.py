"""Enterprises in the database."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.enterprises.models import enterprises


async def enterprise_exists(session: AsyncSession, enterprise_id: UUID) -> bool:
    found = await session.execute(select(enterprises.c.id).where(enterprises.c.id == enterprise_id))
    return found.scalar_one_or_none() is not None
