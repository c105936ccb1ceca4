"""What the dialplan notes of the calls that it has in its hands, read as it is written.

The switch would tell all this by events too, to whoever follows a channel. Of one forward it then
makes fifteen, each with the channel's whole description, of which ten say nothing new; a line in
the journal costs a fraction of one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

import structlog

from hotline.kit.clock import Clock
from hotline.telephony.asterisk.beat import Beat
from hotline.telephony.asterisk.dialplan import JOURNAL_ENDING

log = structlog.get_logger(__name__)

NoteListener: TypeAlias = Callable[[Sequence[str]], None]
"""Gets the fields of a line; see the forms in ``dialplan.py``."""

_LATE = timedelta(seconds=5)
"""How long after midnight a line may still come into the file of the day before."""
_AT_ONCE = 1 << 20


class Notes:
    """Hands each line of a journal folder to whoever listens for its call, at each ``beat``; costs
    nothing while nobody does."""

    def __init__(self, folder: Path, clock: Clock, beat: Beat) -> None:
        self._folder = folder
        self._clock = clock
        self._beat = beat
        self._is_looking = False
        self._listeners: dict[str, NoteListener] = {}
        self._files: dict[date, _Growing] = {}

    def listen(self, channel_id: str, listener: NoteListener) -> None:
        """Tell ``listener`` what is noted of the call from now on, until :meth:`forget`."""
        if not self._listeners:
            for day in self._days():
                self._files[day] = _Growing(self._folder / _name(day), from_end=True)
        self._listeners[channel_id] = listener
        if not self._is_looking:
            self._is_looking = True
            self._beat.at_next(self._look_again)

    def forget(self, channel_id: str) -> None:
        """Listen no more; calling it twice is harmless."""
        self._listeners.pop(channel_id, None)
        if not self._listeners:
            self.close()

    def look(self) -> None:
        """Read what has been written by now."""
        if not self._listeners:
            return
        days = self._days()
        if days != tuple(self._files):
            self._turn_to(days)
        lines = [line for file in self._files.values() for line in file.lines()]
        for line in lines:
            self._tell(line)

    def close(self) -> None:
        """Listen to nobody any more."""
        self._listeners.clear()
        for file in self._files.values():
            file.close()
        self._files.clear()

    # ------------------------------------------------------------ inside

    def _look_again(self) -> None:
        self.look()
        self._is_looking = bool(self._listeners)
        if self._is_looking:
            self._beat.at_next(self._look_again)

    def _days(self) -> tuple[date, ...]:
        """Whose files may grow now, the older one first."""
        now = self._clock.now()
        late, today = (now - _LATE).date(), now.date()
        return (today,) if late == today else (late, today)

    def _turn_to(self, days: Sequence[date]) -> None:
        kept = {day: self._files.pop(day, None) for day in days}
        for file in self._files.values():
            file.close()
        self._files = {
            day: file or _Growing(self._folder / _name(day)) for day, file in kept.items()
        }

    def _tell(self, line: bytes) -> None:
        fields = line.decode(errors="replace").split("|")
        listener = self._listeners.get(fields[1]) if len(fields) > 1 else None
        if listener is None:
            return
        try:
            listener(fields)
        except Exception:
            # One call's trouble must not keep the others from hearing of theirs.
            log.exception("notes.listener_failed", kind=fields[0])


class _Growing:
    """A file that others append lines to; it may not be there yet."""

    def __init__(self, path: Path, *, from_end: bool = False) -> None:
        self._path = path
        self._opened: int | None = None
        self._offset = 0
        self._rest = b""
        if from_end:
            with suppress(OSError):
                self._offset = path.stat().st_size

    def lines(self) -> Sequence[bytes]:
        """Those that have been completed since the last look, without their ends."""
        try:
            if self._opened is None:
                self._opened = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
            data = os.pread(self._opened, _AT_ONCE, self._offset)
        except OSError:
            return ()
        if not data:
            return ()
        self._offset += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        return lines

    def close(self) -> None:
        if self._opened is not None:
            os.close(self._opened)
            self._opened = None


def _name(day: date) -> str:
    return f"{day:%Y%m%d}{JOURNAL_ENDING}"
