"""Has recordings made small elsewhere than where calls are served.

Threads of Python take turns, and one of low priority keeps its turn until the system lets it run:
on a busy machine calls waited half a second for it. Encoding is therefore a process's, which may
wait without anybody waiting for it.
"""

from __future__ import annotations

import select
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import orjson
import structlog

from hotline.recordings.encoding import AudioFormat, Encoded, as_it_is, is_kept_as_it_is
from hotline.recordings.wav import Measured

log = structlog.get_logger(__name__)

_COMMAND: Final = (sys.executable, "-W", "ignore", "-m", "hotline.recordings.encoder_process")
_TRIES: Final = 2
_LONGEST: Final = 600.0
"""Seconds for one file: some hundred times what hours of talk take on a machine at rest."""


class EncoderEnded(OSError):
    """The process ended in the middle, or was closed."""


class Encoder:
    """One process, started when it is needed; who comes meanwhile waits. Blocks: for threads."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._end: weakref.finalize[..., Any] | None = None
        self._is_closed = False

    def encode(self, source: Path, wanted: AudioFormat, draft: Path) -> Encoded:
        """As :func:`~hotline.recordings.encoding.encode`.

        A file that the process twice ends or hangs on is kept as it is. Raises OSError.
        """
        if is_kept_as_it_is(source, wanted):
            return as_it_is(source)
        request = {"source": str(source), "wanted": wanted, "draft": str(draft)}
        with self._turn:
            for _ in range(_TRIES):
                try:
                    return _encoded(self._exchange(request))
                except EncoderEnded:
                    if self._is_closed:
                        raise
                    log.warning("encoder ended", source=source.name)
        return as_it_is(source)

    def close(self) -> None:
        """End the process, also in the middle of a file; nothing is encoded any more."""
        self._is_closed = True
        self._let_go()

    def _exchange(self, request: dict[str, str]) -> dict[str, Any]:
        process = self._running()
        try:
            line = _asked(process, orjson.dumps(request) + b"\n")
        except (OSError, ValueError) as error:  # the latter when it was closed
            self._let_go()
            raise EncoderEnded(str(error)) from error
        if not line.endswith(b"\n"):
            self._let_go()
            raise EncoderEnded("no answer")
        answer: dict[str, Any] = orjson.loads(line)
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            if self._is_closed:
                raise EncoderEnded("closed")
            # A session of its own: Ctrl-C is for the parent, which then closes it.
            self._process = subprocess.Popen(
                _COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
            self._end = weakref.finalize(self, _end, self._process)
        return self._process

    def _let_go(self) -> None:
        self._process = None
        if self._end is not None:
            self._end()


def _asked(process: subprocess.Popen[bytes], request: bytes) -> bytes:
    """The line that it answers with; not a whole one where it ended or took too long."""
    assert process.stdin is not None  # noqa: S101  both are pipes
    assert process.stdout is not None  # noqa: S101
    process.stdin.write(request)
    process.stdin.flush()
    answered = select.poll()
    answered.register(process.stdout, select.POLLIN)
    return process.stdout.readline() if answered.poll(_LONGEST * 1000) else b""


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def _encoded(answer: dict[str, Any]) -> Encoded:
    if "error" in answer:
        raise OSError(answer["error"])
    measured = Measured(answer["size"], answer["duration_ms"], bytes.fromhex(answer["sha256"]))
    return Encoded(Path(answer["path"]), answer["format"], answer["channels"], measured)
