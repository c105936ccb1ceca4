"""What the fake switch writes down of a call that is over."""

from __future__ import annotations

from hotline.telephony.fake.channel import Channel
from hotline.telephony.fake.line import LineOver
from hotline.telephony.port import JournalEntry


def entry_of(channel: Channel, over: LineOver, node: str) -> JournalEntry:
    """Its line; the attempt is the one that was answered, else the last."""
    attempts = channel.last_connect.ringing.dialled if channel.last_connect is not None else []
    answered = [one for one in attempts if one.line.answered_at is not None]
    last = (answered or attempts)[-1:]
    return JournalEntry(
        channel_id=channel.id,
        node=node,
        dialled=channel.dialled,
        caller=channel.caller,
        carrier=channel.carrier,
        arrived_at=channel.arrived_at,
        answered_at=channel.line.answered_at,
        ended_at=over.at,
        cause=over.cause,
        ended_by=channel.ended_by,
        attempt=last[0].attempt if last else None,
        served=channel.served,
    )
