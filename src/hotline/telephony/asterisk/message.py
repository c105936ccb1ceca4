"""Taking a message: a recording on the channel itself, ended by key, silence, length or hang-up."""

from __future__ import annotations

import asyncio

from hotline.telephony.asterisk.live_file import LiveFile
from hotline.telephony.asterisk.party import Party
from hotline.telephony.port import MessageEnd, RecordedMessage, RecordPlan

_LIMIT_TOLERANCE = 0.5
"""Seconds by which the switch's count may differ from the plan's."""
_FILE_PATIENCE = 1.0


async def take_message(party: Party, plan: RecordPlan) -> RecordedMessage:
    """See ``port.Line.record_message``."""
    ended_by = MessageEnd.HANGUP
    pressed: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def on_key(digit: str) -> None:
        if digit in plan.terminators and not pressed.done():
            pressed.set_result(digit)

    if plan.beep is not None:
        await party.play([plan.beep])
    file = LiveFile(party.session, plan.path)
    with party.keys(on_key):
        try:
            await _begin(party, plan, file)
        except BaseException:
            file.forget()
            raise
        try:
            await _until_end(party, file, pressed)
        except BaseException:
            # A controller that leaves lets the switch go on.
            if not (file.closed.done() or party.session.stopping or party.session.down):
                await file.stop()
            raise
    if pressed.done():
        ended_by = MessageEnd.KEY
    elif not party.is_over:
        at_limit = file.seconds >= plan.max_seconds - _LIMIT_TOLERANCE
        ended_by = MessageEnd.LIMIT if at_limit else MessageEnd.SILENCE
    key = pressed.result() if pressed.done() else None
    return RecordedMessage(_seconds(plan, file), ended_by, key)


async def _begin(party: Party, plan: RecordPlan, file: LiveFile) -> None:
    query = {
        "name": file.name,
        "format": "wav",
        "ifExists": "overwrite",
        "maxDurationSeconds": str(max(1, round(plan.max_seconds))),
    }
    if plan.silence_seconds is not None:
        query["maxSilenceSeconds"] = str(max(1, round(plan.silence_seconds)))
    await party.request("POST", "record", query)


async def _until_end(party: Party, file: LiveFile, pressed: asyncio.Future[str]) -> None:
    gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    ends: list[asyncio.Future[object]] = [file.closed, pressed, gone]  # type: ignore[list-item]
    party.when_over(lambda: None if gone.done() else gone.set_result(None))
    with party.woken_by_switch(gone):
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    if gone.done():
        gone.result()
    # A hang-up is followed by the end of the file.
    if not (gone.done() and await file.until_closed(_FILE_PATIENCE)):
        await file.stop()


def _seconds(plan: RecordPlan, file: LiveFile) -> float:
    """From the file itself: the switch counts whole seconds."""
    try:
        return max(0, plan.path.stat().st_size - 44) / 16000
    except OSError:
        return file.seconds
