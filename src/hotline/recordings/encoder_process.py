"""The process that makes recordings small, at a priority below calls.

``python -m hotline.recordings.encoder_process`` reads a request a line and answers each with a
line, all JSON (``encoder.py`` has the other end). It ends when its input ends.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import orjson

from hotline.recordings.encoding import encode

_NICE: Final = 10


def main() -> None:
    # Libraries print; only answers may reach the real output.
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    with suppress(OSError):
        os.nice(_NICE)
    for line in sys.stdin.buffer:
        answers.write(orjson.dumps(_answer(orjson.loads(line))) + b"\n")


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    try:
        made = encode(Path(request["source"]), request["wanted"], Path(request["draft"]))
    except OSError as error:
        return {"error": str(error)}
    measured = made.measured
    return {
        "path": str(made.path),
        "format": made.format,
        "channels": made.channels,
        "size": measured.size,
        "duration_ms": measured.duration_ms,
        "sha256": measured.sha256.hex(),
    }


if __name__ == "__main__":
    main()
