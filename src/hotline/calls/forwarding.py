"""Whom a call is forwarded to, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

from hotline.calls.facts import Destination, ForwardingGroup, Strategy
from hotline.telephony.port import Attempt, LegResult


@dataclass(frozen=True, slots=True)
class Preference:
    """The destinations that may be tried, best first.

    With ``rotate`` the fewest turns go first and this order only decides between equals; turns are
    known to the database alone, which picks under a lock.
    """

    candidates: tuple[Destination, ...]
    rotate: bool

    @property
    def certain(self) -> Destination | None:
        """Who is taken whatever others carry: the first one, where nobody takes turns and it has
        no cap. None: that is not known beforehand."""
        first = next(iter(self.candidates), None)
        if first is None or self.rotate:
            return None
        is_capped = first.concurrent_cap is not None or first.monthly_cap_minutes is not None
        return None if is_capped else first


def preference(
    group: ForwardingGroup | None, tried: Collection[UUID], random: Random
) -> Preference:
    """Whom to try next: approved members of the group that this call has not tried yet."""
    if group is None:
        return Preference((), rotate=False)
    members = [member for member in group.members if member.approved and member.id not in tried]
    if group.strategy is Strategy.RANDOM:
        random.shuffle(members)
    return Preference(tuple(members), rotate=group.strategy is Strategy.SEQUENTIAL)


@dataclass(frozen=True, slots=True)
class Load:
    """What a destination carries already."""

    talking: int = 0
    """Calls that ring it or talk to it now."""
    month_seconds: int = 0
    """Seconds talked this month."""


def has_room(destination: Destination, load: Load) -> bool:
    """Whether the destination is below its caps."""
    cap, minutes = destination.concurrent_cap, destination.monthly_cap_minutes
    return (cap is None or load.talking < cap) and (
        minutes is None or load.month_seconds < minutes * 60
    )


def pick(
    wanted: Preference, loads: Mapping[UUID, Load], turns: Mapping[UUID, int]
) -> Destination | None:
    """The destination to try: the rule that the database's claim_destination() applies too.

    Used by itself while the database is away, with what this process knows.
    """
    free = [d for d in wanted.candidates if has_room(d, loads.get(d.id, Load()))]
    if not wanted.rotate:
        return free[0] if free else None
    return min(free, key=lambda destination: turns.get(destination.id, 0), default=None)


def turns_after(chosen: UUID, turns: Mapping[UUID, int]) -> dict[UUID, int]:
    """Everybody's turns once ``chosen`` got a call.

    Members passed over because they could not take it are lifted to the chosen one's turns: they
    come back level, without a burst of calls to catch up and without waiting for others.
    """
    level = turns.get(chosen, 0)
    lifted = {member: max(count, level) for member, count in turns.items()}
    return lifted | {chosen: level + 1}


_TIMED_OUT = 408
"""Also our own switch's word for a carrier that does not answer at all."""
_TRUNK_CODES = frozenset({401, 407, 408, 500, 502, 503, 504})
"""SIP answers that speak of the way to the destination, not of the destination."""


def trunk_failed(attempt: Attempt) -> bool:
    """Whether another carrier might reach the destination where this attempt did not."""
    if attempt.ringing_at is not None or attempt.answered_at is not None:
        return False
    if attempt.sip_code is None:
        return attempt.result is LegResult.UNREACHABLE or gave_no_sign(attempt)
    return attempt.sip_code in _TRUNK_CODES


def gave_no_sign(attempt: Attempt) -> bool:
    """Whether the carrier let the call go unanswered: neither ringing, nor audio, nor a refusal."""
    if attempt.ringing_at is not None or attempt.answered_at is not None:
        return False
    return attempt.result is LegResult.NO_ANSWER and attempt.sip_code in {None, _TIMED_OUT}


def trunks_in_order(configured: Sequence[str], reachable: Mapping[str, bool]) -> tuple[str, ...]:
    """Carriers by their order, those known to be unreachable last: they may be back already."""

    def both() -> Iterator[str]:
        yield from (name for name in configured if reachable.get(name, True))
        yield from (name for name in configured if not reachable.get(name, True))

    return tuple(both())
