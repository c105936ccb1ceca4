"""The parent's side of the speech process: started when needed, ended when idle or stuck."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from hotline.kit.errors import HotlineError, Words
from hotline.speech.decode import AudioTooLongError, MalformedAudioError
from hotline.speech.process import SpeechSettings
from hotline.speech.provider import (
    NothingToSayError,
    SpeechError,
    SpeechUnavailableError,
    UnknownVoiceError,
)

log = structlog.get_logger(__name__)

_ERRORS: dict[str, type[HotlineError]] = {
    kind.__name__: kind
    for kind in (
        SpeechError,
        SpeechUnavailableError,
        UnknownVoiceError,
        NothingToSayError,
        MalformedAudioError,
        AudioTooLongError,
    )
}


class SpeechProcess:
    """One process, one request at a time; callers wait their turn.

    ``idle`` seconds without a request end it and give its memory back.
    """

    def __init__(self, settings: SpeechSettings, *, idle: float = 120.0) -> None:
        self._settings = settings
        self._idle = idle
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._ending: asyncio.TimerHandle | None = None
        self._retired: asyncio.Future[None] | None = None

    async def speak(
        self, provider: str, text: str, voice: str, speed: float, out: Path, *, limit: float
    ) -> int:
        """Write A-law of the normalised ``text`` to ``out``; its milliseconds.

        ``limit``: seconds after which the process is ended and SpeechError raised.
        """
        return await self._request(
            {
                "verb": "speak",
                "provider": provider,
                "text": text,
                "voice": voice,
                "speed": speed,
                "out": str(out),
            },
            limit,
        )

    async def decode(self, source: Path, out: Path, *, max_seconds: float, limit: float) -> int:
        """Re-encode a sound file of unknown origin to ``out``; its milliseconds."""
        return await self._request(
            {
                "verb": "decode",
                "source": str(source),
                "max_seconds": max_seconds,
                "out": str(out),
            },
            limit,
        )

    async def close(self) -> None:
        """End the process; a later request starts another."""
        async with self._turn:
            await self._end()

    async def _request(self, request: dict[str, Any], limit: float) -> int:
        async with self._turn:
            if self._ending:
                self._ending.cancel()
            try:
                async with asyncio.timeout(limit):
                    answer = await self._exchange(request)
            except TimeoutError:
                await self._end()
                raise SpeechError(f"it took longer than {limit:g} seconds") from None
            except (OSError, ValueError) as broken:
                await self._end()
                raise SpeechError("the speech process ended in the middle") from broken
            except asyncio.CancelledError:
                # Its answer would be read as the next request's.
                await self._end()
                raise
            self._ending = asyncio.get_running_loop().call_later(self._idle, self._hang_up)
        if answer["ok"]:
            return int(answer["duration_ms"])
        detail = answer["detail"]
        words = Words(*detail) if isinstance(detail, list) else detail
        raise _ERRORS.get(answer["error"], SpeechError)(words)

    async def _exchange(self, request: dict[str, Any]) -> dict[str, Any]:
        process = await self._running()
        if process.stdin is None or process.stdout is None:
            raise OSError("no pipes")
        process.stdin.write(json.dumps(request).encode() + b"\n")
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line.endswith(b"\n"):
            raise OSError("no answer")
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            await self._end()
            # A session of its own: Ctrl-C is for the parent, which then closes it.
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-W",
                "ignore",
                "-m",
                "hotline.speech.process",
                stdin=PIPE,
                stdout=PIPE,
                start_new_session=True,
            )
            log.info("speech process started", pid=self._process.pid)
            if self._process.stdin is None:
                raise OSError("no pipes")
            self._process.stdin.write(self._settings.as_json().encode() + b"\n")
        return self._process

    def _hang_up(self) -> None:
        """Idle long enough."""
        self._retired = asyncio.ensure_future(self.close())

    async def _end(self) -> None:
        process, self._process = self._process, None
        if self._ending:
            self._ending.cancel()
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        await asyncio.shield(process.wait())
