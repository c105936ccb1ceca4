"""Prompts over HTTP: from a text or a file, and to listen to."""

from __future__ import annotations

import asyncio
import io
import tempfile
import wave
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Header, Request, Response, UploadFile
from sqlalchemy import RowMapping

from hotline.api.etag import SeenVersion, set_etag
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.parts import parts_of
from hotline.api.problem import wants_chinese
from hotline.api.ranges import part_headers, read_range
from hotline.api.scope import RequestScope, require
from hotline.jobs.queue import JobQueue
from hotline.kit.errors import NotFoundError, TooLargeError, UnavailableError, Words
from hotline.prompts.limits import VoiceAllowance
from hotline.prompts.models import prompts
from hotline.prompts.schemas import Name, NewPrompt, Preview, Prompt, PromptChange, VoiceChoice
from hotline.prompts.service import Prompts
from hotline.speech import alaw
from hotline.speech.service import MAX_UPLOAD_BYTES, Rendered, Speech
from hotline.staff.permissions import Permission

router = APIRouter(prefix="/prompts", tags=["prompts"])

Reading = Annotated[RequestScope, require(Permission.PROMPTS_READ)]
Writing = Annotated[RequestScope, require(Permission.PROMPTS_WRITE)]
_WAV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"audio/wav": {}}, "description": "The sound, 8 kHz, 16 bit, mono."}
}
_PRIVATE = {"Cache-Control": "private, max-age=0, must-revalidate"}


def _speech(request: Request) -> Speech:
    speech = parts_of(request).speech
    if speech is None:
        raise UnavailableError(Words("no voice is set up here", "本节点未启用语音合成"))
    return speech


def _allowance(request: Request) -> VoiceAllowance:
    return parts_of(request).voice_allowance


def _service(scope: RequestScope, request: Request) -> Prompts:
    return Prompts(scope.session, scope.enterprise_id, scope.audit, _speech(request), JobQueue())


@router.get("", summary="Prompts, newest first")
async def prompts_list(scope: Reading, request: Request, paging: PagingParameters) -> Page[Prompt]:
    statement = _service(scope, request).all()
    show = partial(Prompt.of, chinese=wants_chinese(request))
    return await list_page(scope.session, statement, paging, prompts, show)


@router.get("/voices", summary="The voices that can speak a text")
async def prompts_voices(scope: Reading, request: Request) -> list[VoiceChoice]:  # noqa: ARG001
    voices = await asyncio.to_thread(_speech(request).voices)
    return [VoiceChoice.model_validate(voice, from_attributes=True) for voice in voices]


@router.post("/preview", summary="Hear a short text", response_class=Response, responses=_WAV)
async def prompts_preview(body: Preview, scope: Writing, request: Request) -> Response:
    speech = _speech(request)
    if body.voice:
        speech.check_voice(body.voice)
    with _allowance(request).use(scope.principal.id):
        sound = await speech.render(body.text, body.voice, body.speed)
    return await _listen(speech, sound.content_hash, None)


@router.post("", status_code=201, summary="Have a text spoken")
async def prompts_create(
    body: NewPrompt, scope: Writing, request: Request, response: Response
) -> Prompt:
    row = await _service(scope, request).add_text(body.model_dump())
    return _shown(row, request, response)


@router.post("/upload", status_code=201, summary="Upload a wav, mp3, ogg or flac file")
async def prompts_upload(
    *,
    name: Annotated[Name, Form()],
    file: UploadFile,
    scope: Writing,
    request: Request,
    response: Response,
) -> Prompt:
    sound = await _take_in(file, scope, request)
    row = await _service(scope, request).add_upload(name, sound)
    return _shown(row, request, response)


@router.get("/{prompt_id}", summary="One prompt")
async def prompts_read(
    prompt_id: UUID, scope: Reading, request: Request, response: Response
) -> Prompt:
    row = await _service(scope, request).get(prompt_id)
    return _shown(row, request, response)


@router.patch("/{prompt_id}", summary="Change a prompt; the sound before serves meanwhile")
async def prompts_update(
    *,
    prompt_id: UUID,
    body: PromptChange,
    scope: Writing,
    request: Request,
    seen: SeenVersion,
    response: Response,
) -> Prompt:
    values = body.model_dump(exclude_unset=True)
    row = await _service(scope, request).change(prompt_id, seen, values)
    return _shown(row, request, response)


@router.delete("/{prompt_id}", status_code=204, summary="Remove a prompt nobody uses")
async def prompts_delete(prompt_id: UUID, scope: Writing, request: Request) -> None:
    await _service(scope, request).remove(prompt_id)


@router.get(
    "/{prompt_id}/audio",
    summary="Listen to what callers hear now",
    response_class=Response,
    responses=_WAV,
)
async def prompts_listen(
    prompt_id: UUID,
    scope: Reading,
    request: Request,
    range_: Annotated[str | None, Header(alias="Range", max_length=100)] = None,
) -> Response:
    content_hash = await _service(scope, request).content_hash(prompt_id)
    return await _listen(_speech(request), content_hash, range_)


@router.put("/{prompt_id}/audio", summary="Replace an uploaded prompt's file")
async def prompts_replace(
    *,
    prompt_id: UUID,
    file: UploadFile,
    scope: Writing,
    request: Request,
    seen: SeenVersion,
    response: Response,
) -> Prompt:
    sound = await _take_in(file, scope, request)
    row = await _service(scope, request).replace_upload(prompt_id, seen, sound)
    return _shown(row, request, response)


def _shown(row: RowMapping, request: Request, response: Response) -> Prompt:
    set_etag(response, row["updated_at"])
    return Prompt.of(row, chinese=wants_chinese(request))


async def _take_in(file: UploadFile, scope: RequestScope, request: Request) -> Rendered:
    """Re-encode the upload. Its name and content type are a stranger's claims: not read."""
    if file.size is None or file.size > MAX_UPLOAD_BYTES:
        raise TooLargeError(
            Words(f"at most {MAX_UPLOAD_BYTES // 1024**2} MB", "文件不能超过 20 MB")
        )
    with (
        _allowance(request).use(scope.principal.id),
        tempfile.TemporaryDirectory(prefix="hotline-upload-") as folder,
    ):
        path = Path(folder) / "upload"
        with path.open("wb") as target:
            while chunk := await file.read(1024 * 1024):
                await asyncio.to_thread(target.write, chunk)
        return await _speech(request).take_in(path)


async def _listen(speech: Speech, content_hash: str, asked: str | None) -> Response:
    path = speech.sounds.of(content_hash)
    try:
        data = _as_wav(await asyncio.to_thread(path.read_bytes))
    except FileNotFoundError:
        raise NotFoundError(Words("its sound is lost", "语音文件已丢失")) from None
    part = read_range(asked, len(data))
    body = data[part.start : part.end] if part else data
    return Response(
        body,
        status_code=206 if part else 200,
        media_type="audio/wav",
        headers={**part_headers(part, len(data)), **_PRIVATE},
    )


def _as_wav(data: bytes) -> bytes:
    """Browsers play plain 16 bit sound everywhere, A-law not."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(alaw.RATE)
        file.writeframes(alaw.decode(data).astype("<i2").tobytes())
    return stream.getvalue()
