"""Plans of forwards, kept in files that the switch's dialplan reads by itself.

To have a channel's variables set the switch waits for the channel's own thread, and takes no other
command of the connection meanwhile. Most forwards are as one before: same phone, same greeting. So
a plan is written once, under a name that follows from what it says, and the one command that hands
a call over carries that name.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from contextlib import suppress
from pathlib import Path

import structlog

from hotline.telephony.asterisk.dialplan import PLAN_NAME_LENGTH, PLANS_FOLDER, WITH_PLAN
from hotline.telephony.asterisk.packing import Packed, listed

log = structlog.get_logger(__name__)

MOST = 4096
"""Plans that are known at a time; more are rare, and those used longest ago go first."""
USED_WITHIN = 600.0
"""Seconds in which whoever was handed over by a plan has surely read it."""
KEPT = 86_400.0
"""Seconds for which files of an earlier controller are kept."""
_ENCODING = "utf-8"
_LONGEST = 3000
"""Characters; the dialplan takes some 4,000 at once."""
_LONGEST_EXTENSION = 79
_RECORDED = re.compile(r"[A-Za-z0-9-]*")
_NAME = re.compile(rf"{WITH_PLAN}[agcr]*[12]([0-9a-f]{{{PLAN_NAME_LENGTH}}})")


class Plans:
    """The plans of one node, in the folder that its switch shares with us."""

    def __init__(self, journal: Path) -> None:
        self._folder = journal / PLANS_FOLDER
        self._used: dict[str, float] = {}
        """When each was used last, by name, the longest ago first; by the monotonic clock."""

    def prepare(self) -> None:
        """Make the folder, and drop what controllers of long ago have left."""
        with suppress(OSError):  # where plans cannot be kept, calls are forwarded without
            self._folder.mkdir(parents=True, exist_ok=True)
            for file in self._folder.iterdir():
                if time.time() - file.stat().st_mtime > KEPT:
                    file.unlink()

    def extension(self, packed: Packed) -> str | None:
        """The extension of ``hl-connect`` that does what ``packed`` says, once its plan is kept.

        None where it cannot be kept: then its variables must be set.
        """
        content = listed(packed.variables.values())
        name = hashlib.blake2b(content.encode(), digest_size=PLAN_NAME_LENGTH // 2).hexdigest()
        extension = f"{WITH_PLAN}{packed.kind}{name}{packed.recorded}"
        if len(content) > _LONGEST or len(extension) > _LONGEST_EXTENSION:
            return None
        if not _RECORDED.fullmatch(packed.recorded):
            return None
        is_known = self._used.pop(name, None) is not None
        # Looked for each time: who tidies up by hand must not cost calls.
        is_kept = is_known and os.path.exists(f"{self._folder}/{name}")
        if not (is_kept or self._write(name, content)):
            return None
        self._used[name] = time.monotonic()
        if len(self._used) > MOST:
            self._drop_old()
        return extension

    def target(self, extension: str) -> str | None:
        """Whom a call in that extension dials, as ``Dial`` has it; None where no plan says so."""
        named = _NAME.match(extension)
        if named is None:
            return None
        try:
            return (self._folder / named[1]).read_text(_ENCODING).partition(",")[0]
        except (OSError, ValueError):
            return None

    def _write(self, name: str, content: str) -> bool:
        """Whether it could be. The switch may be reading what an earlier controller wrote."""
        new = self._folder / f"{name}.new"
        try:
            new.write_text(content, _ENCODING)
            new.replace(self._folder / name)
        except OSError as error:
            log.warning("plans.not_kept", error=str(error))
            return False
        return True

    def _drop_old(self) -> None:
        before = time.monotonic() - USED_WITHIN
        for name in list(self._used)[: MOST // 2]:
            if self._used[name] > before:
                return
            del self._used[name]
            with suppress(OSError):
                os.unlink(self._folder / name)
