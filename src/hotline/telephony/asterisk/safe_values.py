"""What may be said to the switch: values that it could take for its own language are refused."""

from __future__ import annotations

import re
from pathlib import Path

from hotline.kit.errors import InvalidError

NUMBER = re.compile(r"\+?[0-9*#]{1,32}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
HEADER = re.compile(r"X-[A-Za-z0-9-]{1,40}")
HEADER_VALUE = re.compile(r"[^\x00-\x1f\x7f]{0,200}")
VARIABLE = re.compile(r"[A-Z0-9_]+")
_PATH = re.compile(r"/[A-Za-z0-9_./+=@~-]+")


class UnsafeValueError(InvalidError):
    error_id = "unsafe-dial-value"
    title = "This cannot be given to the switch"


def checked(pattern: re.Pattern[str], text: str, what: str) -> str:
    """``text`` if it is nothing but a ``what``. Raises UnsafeValueError."""
    if not pattern.fullmatch(text):
        raise UnsafeValueError(f"{text!r} is not a {what} for the switch")
    return text


def checked_path(path: Path) -> str:
    """``path`` as text. Raises UnsafeValueError."""
    text = str(path)
    if ".." in text:
        raise UnsafeValueError(f"{text!r} is not a path for the switch")
    return checked(_PATH, text, "path")


def media_path(path: Path) -> str:
    """A prompt as the switch names it: absolute, without suffix. Raises UnsafeValueError."""
    return checked_path(path).removesuffix(".alaw")


def display(name: str) -> str:
    """What of a name is safe to show."""
    return "".join(c for c in name if c.isalnum() or c in " .-")[:40]
