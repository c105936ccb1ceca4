"""The verbs of a channel that is ours: what ``port.Line`` asks for beyond :class:`Party`."""

from __future__ import annotations

import re

from hotline.telephony.asterisk.message import take_message
from hotline.telephony.asterisk.party import Party, Session
from hotline.telephony.asterisk.recorder import record_line
from hotline.telephony.asterisk.safe_values import UnsafeValueError
from hotline.telephony.port import RecordedMessage, Recorder, RecordPlan, RecordSpec

ROOM = "HL_ROOM"
"""Channel variable: the name of the room that the line is in, for those who come after us."""
HELD = "HL_HELD"
_DIGITS = re.compile(r"[0-9*#A-D]+")


class AriLine(Party):
    """Implements ``port.Line``."""

    def __init__(self, session: Session, channel_id: str) -> None:
        super().__init__(session, channel_id)
        self.room: object | None = None
        """The room that it is in."""

    async def send_digits(self, digits: str) -> None:
        if not _DIGITS.fullmatch(digits):
            raise UnsafeValueError(f"{digits!r} are not keys")
        query = {"dtmf": digits, "duration": "120", "between": "120"}
        await self.request("POST", "dtmf", query)

    async def record(self, spec: RecordSpec) -> Recorder:
        return await record_line(self, spec)

    async def record_message(self, plan: RecordPlan) -> RecordedMessage:
        return await take_message(self, plan)

    async def gone(self) -> int:
        return await self.until_gone()

    def note(self, variable: str, value: str) -> None:
        """Write something on the channel, for those who come after us."""
        self.send("POST", "variable", {"variable": variable, "value": value})
