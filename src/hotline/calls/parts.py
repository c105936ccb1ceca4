"""What every call's script is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

from hotline.calls.admission import BalanceWithCredit, FundsCheck
from hotline.calls.ledger import Ledger
from hotline.calls.repository import CallRepository
from hotline.calls.sounds import Sounds, SystemSounds
from hotline.kit.clock import Clock
from hotline.queues.floor import Floor


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
    random: Random = field(default_factory=Random)
    funds: FundsCheck = field(default_factory=BalanceWithCredit)
    reachable: Mapping[str, bool] = field(default_factory=dict)
    """Carriers' endpoint names → reachable, as last seen; those not in it are tried."""
    turns: Counter[UUID] = field(default_factory=Counter)
    """Calls given to each destination while the database was away."""
    floor: Floor | None = None
    """Where callers wait for agents; None: this site has no queues."""
