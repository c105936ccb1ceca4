"""Where log lines go: JSON into a file of the state folder, readable ones onto the console."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
from pathlib import Path
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_FILE_BYTES = 20_000_000
_FILES_KEPT = 5
# Libraries that talk about each connection or each poll.
_TALKATIVE = ("uvicorn.access", "websockets", "asyncio", "httpx", "httpcore", "psycopg.pool")

# Without the variables of each frame: they may hold secrets.
_TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def configure_logs(folder: Path | None, level: str, *, console_level: str | None = None) -> None:
    """Send every logger's lines to ``folder``/hotline.log (JSON, rotated) and to standard error.

    ``level`` is one of Settings.log_level; ``console_level`` may quieten the console alone.
    Without a folder there is the console only.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level.upper())
    root.addHandler(_console(shared, (console_level or level).upper()))
    if folder is not None:
        root.addHandler(_file(shared, folder / "hotline.log"))
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _console(shared: list[Processor], level: str) -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(level)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _name_exception,
                structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
            ],
        )
    )
    return handler


def _name_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """On the console an exception is one line; where it came from is in the file."""
    info = event.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else sys.exc_info()[1] if info is True else None
    if isinstance(info, tuple):
        error = info[1]
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return event if error is None else {**event, "error": f"{type(error).__name__}: {error}"}


def _file(shared: list[Processor], path: Path) -> logging.Handler:
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    handler = logging.handlers.RotatingFileHandler(
        path, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8"
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _TRACEBACKS,
                _as_json,
            ],
        )
    )
    return handler


def _as_json(_: WrappedLogger, __: str, event: EventDict) -> str:
    return orjson.dumps(event, default=_shown, option=orjson.OPT_NON_STR_KEYS).decode()


def _shown(value: Any) -> str:
    return str(value)
