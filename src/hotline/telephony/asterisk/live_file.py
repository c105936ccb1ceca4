"""A recording that the switch makes in its own folder and that belongs elsewhere.

Its name says where: whoever hears of its end, or finds it later, can bring it there.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import shutil
from contextlib import suppress
from pathlib import Path

import structlog

from hotline.telephony.asterisk.client import AriError, Event, path
from hotline.telephony.asterisk.party import Session, mark
from hotline.telephony.port import MediaMissing, SwitchDown

log = structlog.get_logger(__name__)

PREFIX = "hl-rec-"
CLOSE_PATIENCE = 5.0
_LONGEST_NAME = 240
ENDS = frozenset({"RecordingFinished", "RecordingFailed"})


class LiveFile:
    """One recording; ``name`` is what the switch is told, ``closed`` is done at its end."""

    def __init__(self, session: Session, target: Path) -> None:
        if not target.parent.is_dir():
            raise MediaMissing(f"{target.parent} is not there")
        self.name = name_for(target)
        self.seconds = 0.0
        """How long it became; known when closed."""
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._session = session
        self._subscription = session.client.listen(self.name, self._on_event)
        session.files[self.name] = self

    async def stop(self) -> None:
        """Let the switch close it; harmless when it is closed."""
        client = self._session.client
        if not self.closed.done():
            with suppress(SwitchDown, AriError):
                await client.request("POST", f"{path('recordings', 'live', self.name)}/stop")
            await self.until_closed(CLOSE_PATIENCE)

    async def until_closed(self, within: float) -> bool:
        """Whether it was closed in time."""
        await asyncio.wait([self.closed], timeout=within)
        return self.closed.done()

    def forget(self) -> None:
        """It did not begin."""
        self._subscription.close()
        self._session.files.pop(self.name, None)
        mark(self.closed)

    def ended(self) -> None:
        """The switch has closed it; harmless when we knew."""
        if not self.closed.done():
            settle(self._session, self.name)
            self.forget()

    def _on_event(self, event: Event) -> None:
        if event["type"] in ENDS:
            self.seconds = float(event["recording"].get("duration") or 0)
            self.ended()


def name_for(target: Path) -> str:
    """The switch's name for a recording that belongs to ``target``. Raises MediaMissing."""
    coded = base64.urlsafe_b64encode(str(target.absolute()).encode()).decode().rstrip("=")
    if len(coded) > _LONGEST_NAME:
        raise MediaMissing(f"{target} is too long a path for a recording")
    return f"{PREFIX}{coded}"


def target_of(name: str) -> Path | None:
    """The reverse of :func:`name_for`; None for a name of somebody else."""
    coded = name.removeprefix(PREFIX)
    if coded == name:
        return None
    with suppress(binascii.Error, UnicodeDecodeError):
        return Path(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode())
    return None


def settle(session: Session, name: str) -> None:
    """Bring the file of an ended recording to its place."""
    target = target_of(name)
    if target is None:
        return
    made = session.recordings / f"{name}.wav"
    try:
        shutil.move(made, target)
    except OSError as error:
        log.warning("recording.not_moved", path=str(target), error=str(error))


async def settle_left_behind(session: Session) -> None:
    """Bring to their places those that ended while nobody looked. Raises SwitchDown."""
    for name in [made.stem for made in session.recordings.glob(f"{PREFIX}*.wav")]:
        try:
            await session.client.request("GET", path("recordings", "live", name))
        except AriError:
            file = session.files.get(name)
            if file is not None:
                file.ended()
            else:
                settle(session, name)
