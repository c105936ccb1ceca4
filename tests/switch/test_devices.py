"""What the engine knows of the devices of SIP accounts, and what it tells them with a call."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.switch.conftest import LoopbackPair
from tests.switch.test_accounts import SipPhone, add_account, hosts, phone, process

from hotline.db.database import Database
from hotline.kit.clock import SystemClock
from hotline.telephony.asterisk import sign as sign_module
from hotline.telephony.asterisk.engine import AriSwitch, EngineSettings
from hotline.telephony.asterisk.process import SwitchProcess
from hotline.telephony.asterisk.safe_values import UnsafeValueError
from hotline.telephony.port import (
    AccountTarget,
    CallerId,
    DeviceChange,
    DialPlan,
    IncomingCall,
    LegResult,
    NotAnswered,
    Survivor,
)

__all__ = ["hosts", "phone", "process"]


@pytest.fixture
async def switch(process: SwitchProcess, tmp_path: Path) -> AsyncIterator[AriSwitch]:
    configuration = process.configuration
    engine = AriSwitch(
        EngineSettings(
            node=configuration.node,
            url=f"http://{configuration.ari}",
            username=configuration.ari_user,
            password=configuration.ari_password,
            sounds=configuration.sounds,
            journal=tmp_path,
            recordings=configuration.home / "spool" / "recording",
        ),
        SystemClock(),
    )

    async def on_call(call: IncomingCall) -> None:
        await call.hangup()

    async def on_connected(survivors: Sequence[Survivor]) -> None:
        assert not survivors

    running = asyncio.create_task(engine.run(on_call, on_connected))
    yield engine
    running.cancel()
    await asyncio.wait([running])


def plan(**more: object) -> DialPlan:
    return DialPlan(
        targets=[AccountTarget("acct-li")],
        ring_timeout=3,
        caller_id=CallerId("13812345678", "张先生 <x>"),
        **more,  # type: ignore[arg-type]
    )


async def test_devices_come_and_go_and_are_told_of_the_call(
    switch: AriSwitch, phone: SipPhone, database: Database, hosts: LoopbackPair
) -> None:
    await add_account(database, "acct-li", "right")
    changes = aiter(switch.device_changes())
    assert await phone.register(hosts.switch, "acct-li", "right") == 200
    async with asyncio.timeout(10):
        assert await anext(changes) == DeviceChange("acct-li", reachable=True)
    assert await switch.accounts() == {"acct-li": True}
    assert "acct-li" not in await switch.trunks()

    refused = await switch.originate(plan(auto_answer=True, headers={"X-Hotline-Call": "7f"}))
    assert isinstance(refused, NotAnswered)
    assert refused.attempts[0].result is LegResult.BUSY
    (invite,) = phone.invites
    assert "\nX-Hotline-Call: 7f\r" in invite
    assert "\nCall-Info: <sip:hotline>;answer-after=0\r" in invite
    assert "\nAlert-Info: <http://hotline>;info=alert-autoanswer;delay=0\r" in invite
    assert '\nFrom: "张先生 x" <sip:13812345678@' in invite
    await switch.originate(plan())
    assert "Info:" not in phone.invites[1]
    with pytest.raises(UnsafeValueError):
        await switch.originate(plan(headers={"X-Evil": "a\r\nVia: b"}))

    assert await phone.register(hosts.switch, "acct-li", "right", expires=0) == 200
    async with asyncio.timeout(10):
        assert await anext(changes) == DeviceChange("acct-li", reachable=False)
    refused = await switch.originate(plan())
    assert isinstance(refused, NotAnswered)
    assert refused.attempts[0].result is LegResult.UNREACHABLE


@pytest.mark.timeout(60)
async def test_a_phone_without_a_sign_of_life_is_given_up(
    switch: AriSwitch, phone: SipPhone, database: Database, hosts: LoopbackPair
) -> None:
    """Long before its time to ring is over; not so one that says at least that it tries."""
    await add_account(database, "acct-li", "right")
    assert await phone.register(hosts.switch, "acct-li", "right") == 200
    patient = replace(plan(), ring_timeout=25)
    phone.is_silent = True
    began = time.monotonic()
    refused = await switch.originate(patient)
    assert 5 < time.monotonic() - began < 10
    assert isinstance(refused, NotAnswered)
    (attempt,) = refused.attempts
    assert (attempt.result, attempt.sip_code) == (LegResult.NO_ANSWER, None)

    phone.is_silent, phone.thinks_for = False, 7.5
    refused = await switch.originate(patient)
    assert isinstance(refused, NotAnswered)
    assert refused.attempts[0].result is LegResult.BUSY


@pytest.mark.timeout(60)
async def test_a_slow_switch_gives_no_phone_up(
    switch: AriSwitch,
    phone: SipPhone,
    database: Database,
    hosts: LoopbackPair,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the phone has said may not have been read yet: it rings for as long as it may."""
    monkeypatch.setattr(sign_module, "_AT_ONCE", 0.0)
    await add_account(database, "acct-li", "right")
    assert await phone.register(hosts.switch, "acct-li", "right") == 200
    phone.is_silent = True
    began = time.monotonic()
    refused = await switch.originate(replace(plan(), ring_timeout=9))
    assert time.monotonic() - began >= 9
    assert isinstance(refused, NotAnswered)
    assert refused.attempts[0].result is LegResult.NO_ANSWER
