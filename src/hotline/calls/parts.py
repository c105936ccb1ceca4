"""What every call's script is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

from hotline.calls.admission import BalanceWithCredit, FundsCheck
from hotline.calls.flow_parts import FlowParts
from hotline.calls.forwarding import gave_no_sign, trunks_in_order
from hotline.calls.ledger import Ledger
from hotline.calls.repository import CallRepository
from hotline.calls.sounds import Sounds, SystemSounds
from hotline.calls.talk_parts import TalkParts
from hotline.kit.clock import Clock
from hotline.kit.numbers import PhoneNumber, parse_number
from hotline.queues.floor import Floor
from hotline.telephony.port import Attempt

_SILENCE_COUNTS = 40.0
"""Seconds for which a carrier that gave no sign is tried last; by then the OPTIONS say more."""


@dataclass(slots=True)
class Parts:
    """The collaborators of calls on one switch node."""

    repository: CallRepository
    ledger: Ledger
    sounds: Sounds
    system_sounds: SystemSounds
    clock: Clock
    spool: Path
    """The node's folder for recordings under way."""
    talks: TalkParts
    random: Random = field(default_factory=Random)
    funds: FundsCheck = field(default_factory=BalanceWithCredit)
    reachable: Mapping[str, bool] = field(default_factory=dict)
    """Carriers' endpoint names → reachable, as last seen; those not in it are tried."""
    areas: Mapping[str, str] = field(default_factory=dict)
    """Carriers' endpoint names → area code of callers whose numbers come without one."""
    turns: Counter[UUID] = field(default_factory=Counter)
    """Calls given to each destination while the database was away."""
    floor: Floor | None = None
    """Where callers wait for agents; None: this site has no queues."""
    flows: FlowParts | None = None
    """None: lists, codes and other servers cannot be asked."""
    silent: dict[str, float] = field(default_factory=dict)
    """Carriers that gave no sign of a call lately → the clock's seconds until which it counts."""

    def caller(self, raw: str, trunk: str) -> PhoneNumber:
        """Who calls, by the number as the carrier ``trunk`` sent it."""
        return parse_number(raw, self.areas.get(trunk))

    def trunks(self, configured: Sequence[str]) -> tuple[str, ...]:
        """The carriers of ``configured`` in the order to try them now."""
        if not self.silent:
            return trunks_in_order(configured, self.reachable)
        now = self.clock.monotonic()
        silent = {name for name, until in self.silent.items() if until > now}
        heard = [name for name in configured if name not in silent]
        others = [name for name in configured if name in silent]
        # A call that got no sign says more than a question that got no answer.
        return trunks_in_order(heard, self.reachable) + trunks_in_order(others, self.reachable)

    def note_attempt(self, trunk: str, attempt: Attempt) -> None:
        """Remember whether the carrier gave a sign, so that the next call need not wait for it."""
        if gave_no_sign(attempt):
            self.silent[trunk] = self.clock.monotonic() + _SILENCE_COUNTS
        else:
            self.silent.pop(trunk, None)
