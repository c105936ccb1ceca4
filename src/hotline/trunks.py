"""Keeps the switch's trunks as the operator has set the carriers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import structlog
from sqlalchemy import RowMapping
from sqlalchemy.exc import OperationalError

from hotline.auditing import system_audit
from hotline.carriers.service import CHANGED_CHANNEL, Carriers
from hotline.db.database import Database
from hotline.db.listen import notifications
from hotline.kit.clock import Clock
from hotline.kit.errors import HotlineError
from hotline.telephony.asterisk.process import SwitchProcess
from hotline.telephony.asterisk.sip import Carrier, CarrierKind

_log = structlog.get_logger(__name__)
_AT_LEAST_EVERY: Final = 60.0


class TrunkKeeper:
    """Gives one node's switch the carriers of the database, at once when they change."""

    def __init__(
        self,
        database: Database,
        process: SwitchProcess,
        clock: Clock,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        """``on_change`` is called when the switch has got other carriers than it had."""
        self._database = database
        self._process = process
        self._clock = clock
        self._on_change = on_change

    async def run(self) -> None:
        """Until cancelled."""
        url = self._database.platform_url
        changes = notifications(url, CHANGED_CHANNEL, self._clock, at_least_every=_AT_LEAST_EVERY)
        async for _ in changes:
            try:
                await self.apply()
            except (HotlineError, OperationalError) as error:
                _log.warning("trunks.not_applied", error=str(error))

    async def apply(self) -> None:
        """Bring the switch to what the database says now. Raises ManagementUnreachable."""
        async with self._database.platform() as session:
            rows = await Carriers(session, system_audit(session)).all()
        if await self._process.use_carriers(trunks_of(rows)):
            self._on_change()


def trunks_of(rows: Sequence[RowMapping]) -> list[Carrier]:
    """The enabled carriers in the switch's words; one it cannot use is left out and logged."""
    trunks = []
    for row in rows:
        if not row["enabled"]:
            continue
        try:
            trunks.append(_trunk(row))
        except HotlineError as error:
            _log.error("trunks.unusable", carrier=row["name"], error=str(error))
    return trunks


def _trunk(row: RowMapping) -> Carrier:
    return Carrier(
        name=row["name"],
        kind=CarrierKind(row["kind"]),
        host=row["host"],
        port=row["port"],
        transport=row["transport"],
        username=row["username"],
        secret=row["secret"],
        match_addresses=tuple(row["match_addresses"]),
        from_user=row["from_user"],
    )
