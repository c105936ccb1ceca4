"""A forward by a carrier that takes a call and says nothing, as a quick and as a slow switch tells
of it."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.contract.conftest import sounds
from tests.contract.real import RealPair, real_pair
from tests.contract.stage import Stage, not_answered
from tests.switch.conftest import free_loopback_pair
from tests.switch.staged import stage
from tests.switch.test_accounts import SipPhone

from hotline.telephony.asterisk import sign as sign_module
from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.asterisk.sip import Carrier
from hotline.telephony.port import CallerId, ConnectPlan, LegResult, PhoneTarget

__all__ = ["sounds", "stage"]

SILENT = "silent"
RING_SECONDS = 9.0


@pytest.fixture
async def carrier() -> AsyncIterator[Carrier]:
    """It answers whoever asks for a sign of life, and nobody who calls."""
    host = free_loopback_pair().carrier
    loop = asyncio.get_running_loop()
    transport, phone = await loop.create_datagram_endpoint(SipPhone, local_addr=(host, 5060))
    phone.is_silent = True
    yield Carrier(name=SILENT, host=host)
    transport.close()


@pytest.fixture
def pair(installation: Installation, carrier: Carrier) -> Iterator[RealPair]:
    with (
        tempfile.TemporaryDirectory(prefix="hl-sc-", ignore_cleanup_errors=True) as folder,
        real_pair(Path(folder), installation, others=[carrier]) as pair,
    ):
        yield pair


async def forward(stage: Stage) -> tuple[LegResult | None, float]:
    """How a forward came out, and after how many seconds."""
    _, call = await stage.incoming()
    plan = ConnectPlan(
        target=PhoneTarget("13900000001", trunk=SILENT),
        ring_timeout=RING_SECONDS,
        caller_id=CallerId("13812345678"),
    )
    began = time.monotonic()
    (attempt,) = not_answered(await call.connect(plan))
    return attempt.result, time.monotonic() - began


@pytest.mark.timeout(60)
async def test_only_a_switch_that_is_not_slow_itself_gives_a_carrier_up(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the carrier has said may not have been read yet by one that is."""
    result, seconds = await forward(stage)
    assert result is LegResult.NO_ANSWER
    assert seconds < RING_SECONDS - 1
    monkeypatch.setattr(sign_module, "_AT_ONCE", 0.0)
    result, seconds = await forward(stage)
    assert result is LegResult.NO_ANSWER
    assert seconds >= RING_SECONDS
