"""The few settings that the installation shares with Hotline, read where Hotline reads them."""

from __future__ import annotations

import os
import re
from pathlib import Path

_FILE = Path("hotline.env")
_LINE = re.compile(r"\s*(?:export\s+)?(HOTLINE_[A-Z_]+)\s*=\s*(.*?)\s*")


def setting(name: str, default: str) -> str:
    """The variable ``name``, else its line in ``./hotline.env``, else ``default``."""
    return os.environ.get(name) or _written(_FILE).get(name) or default


def tools_folder() -> Path:
    """Where what is fetched for this machine is kept."""
    return Path(setting("HOTLINE_TOOLS", "~/.cache/hotline")).expanduser().resolve()


def _written(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    found = (_LINE.fullmatch(line) for line in lines)
    return {match[1]: _without_quotes(match[2]) for match in found if match}


def _without_quotes(value: str) -> str:
    quoted = re.fullmatch(r"""(["'])(.*)\1(?:\s+#.*)?""", value)
    return quoted[2] if quoted else re.sub(r"\s+#.*", "", value)
