"""What a delivery says of the thing that its event is about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotline.records.repository import call_of, legs_of, recordings_of
from hotline.records.schemas import CallRecording, CallWithTargets
from hotline.surveys.results import answer_of
from hotline.surveys.schemas import AnswerGiven
from hotline.voicemail.schemas import Message
from hotline.voicemail.service import message_of

Describe: TypeAlias = Callable[[AsyncSession, UUID, UUID], Awaitable[dict[str, Any]]]
"""(session, enterprise, id) → the ``data`` of the body. Raises NotFoundError."""


async def describe_call(
    session: AsyncSession, enterprise_id: UUID, call_id: UUID
) -> dict[str, Any]:
    """The call as the API shows it in a list, with its recordings."""
    row = await call_of(session, enterprise_id, call_id)
    legs = await legs_of(session, [call_id])
    shown = CallWithTargets.with_legs(row, legs[call_id]).model_dump(mode="json")
    found = [
        CallRecording.model_validate(item, from_attributes=True).model_dump(mode="json")
        for item in await recordings_of(session, call_id)
    ]
    return {"call": {**shown, "recordings": found}}


async def describe_message(
    session: AsyncSession, enterprise_id: UUID, message_id: UUID
) -> dict[str, Any]:
    """The message as the API shows it."""
    row = await message_of(session, enterprise_id, message_id)
    return {"message": Message.of(row).model_dump(mode="json")}


async def describe_answer(
    session: AsyncSession, enterprise_id: UUID, answer_id: UUID
) -> dict[str, Any]:
    """The answer as the API shows it."""
    row = await answer_of(session, enterprise_id, answer_id)
    return {"answer": AnswerGiven.of(row).model_dump(mode="json")}


SUBJECTS: Final[dict[str, Describe]] = {
    "call": describe_call,
    "message": describe_message,
    "survey": describe_answer,
}
"""By the part of the event's type before the full stop."""


async def describe(
    session: AsyncSession, enterprise_id: UUID, type_: str, subject: UUID | None
) -> dict[str, Any]:
    """Raises NotFoundError where the subject is gone."""
    if subject is None:
        return {}
    return await SUBJECTS[type_.partition(".")[0]](session, enterprise_id, subject)
