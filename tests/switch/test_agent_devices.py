"""An agent's phone on the real switch: registered, gone, back, and dropped with its secret."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID

import pytest
from tests.agents.people import People
from tests.switch.conftest import LoopbackPair
from tests.switch.test_accounts import SipPhone, hosts, phone, process

from hotline.agents.keeper import PresenceKeeper
from hotline.agents.presence import AgentPresence
from hotline.agents.rules import DEVICE_GONE, AgentState
from hotline.db.database import Database
from hotline.db.direct import DirectPool
from hotline.kit.clock import SystemClock
from hotline.telephony.asterisk.engine import AriSwitch, EngineSettings
from hotline.telephony.asterisk.process import SwitchProcess
from hotline.telephony.port import IncomingCall

__all__ = ["hosts", "phone", "process"]

pytestmark = pytest.mark.switch
ACCOUNT = "acct-fang"


async def _no_call(call: IncomingCall) -> None:
    raise AssertionError(f"nobody calls here, but {call.caller} did")


async def _nothing_survived(_survivors: object) -> None:
    pass


@pytest.fixture
async def presence(database: Database) -> AsyncIterator[AgentPresence]:
    pool = DirectPool(database.platform_url, durable=False)
    yield AgentPresence(pool, SystemClock())
    await pool.close()


@pytest.fixture
async def kept(process: SwitchProcess, presence: AgentPresence) -> AsyncIterator[None]:
    """A controller is connected to the switch and keeps presence."""
    configuration, clock = process.configuration, SystemClock()
    switch = AriSwitch(
        EngineSettings(
            node=configuration.node,
            url=f"http://{configuration.ari}",
            username=configuration.ari_user,
            password=configuration.ari_password,
            sounds=configuration.sounds,
            journal=configuration.home / "journal",
            recordings=configuration.home / "spool" / "recording",
        ),
        clock,
    )
    running = [
        asyncio.create_task(switch.run(_no_call, _nothing_survived)),
        asyncio.create_task(PresenceKeeper(presence, clock, switch).run()),
    ]
    yield
    for task in running:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def becomes(
    presence: AgentPresence, agent: UUID, state: AgentState, reason: str = ""
) -> None:
    async with asyncio.timeout(12):
        while True:
            now = await presence.get(agent)
            assert now is not None
            if (now.state, now.reason) == (state, reason):
                return
            await asyncio.sleep(0.05)


@pytest.mark.usefixtures("kept")
async def test_a_ready_agent_follows_the_phone(
    database: Database, presence: AgentPresence, phone: SipPhone, hosts: LoopbackPair
) -> None:
    people = await People.found(database)
    agent = await people.agent()
    await people.account(agent, ACCOUNT)
    assert await phone.register(hosts.switch, ACCOUNT, "geheim") == 200
    await presence.sign_in(agent)
    # As after a while: at first a phone may still be about to register.
    await people.sql("update agent_presence set since = since - interval '1 minute'")
    assert await phone.register(hosts.switch, ACCOUNT, "geheim", expires=0) == 200
    await becomes(presence, agent, AgentState.OFFLINE, DEVICE_GONE)
    assert await phone.register(hosts.switch, ACCOUNT, "geheim") == 200
    await becomes(presence, agent, AgentState.READY)
    await people.sql("update agent_presence set since = since - interval '1 minute'")
    await people.sql("update sip_accounts set secret = 'neu'")
    await becomes(presence, agent, AgentState.OFFLINE, DEVICE_GONE)
    assert await phone.register(hosts.switch, ACCOUNT, "geheim") == 401
    assert await phone.register(hosts.switch, ACCOUNT, "neu") == 200
    await becomes(presence, agent, AgentState.READY)
    await people.sql("delete from agents")
    assert await people.sql("select endpoint from ps_contacts") == []
    assert await phone.register(hosts.switch, ACCOUNT, "neu") == 401
