"""The switch's process: started, watched, taken over, ended."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.switch.conftest import STAND_IN_DIALPLAN, free_loopback_pair

from hotline.telephony.asterisk.configuration import (
    Address,
    SwitchConfiguration,
    SwitchSettingError,
)
from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.asterisk.log_files import shorten
from hotline.telephony.asterisk.process import PortTakenError, SwitchProcess


async def until(condition: Callable[[], bool], within: float = 15.0) -> None:
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.02)


@pytest.fixture
def lonely_configuration(tmp_path_factory: pytest.TempPathFactory) -> SwitchConfiguration:
    """For a switch that a test may hurt."""
    host = free_loopback_pair().switch
    home = Path(tmp_path_factory.mktemp("sw"))
    return SwitchConfiguration(
        node="lonely",
        home=home,
        sip=Address(host, 5060),
        ari=Address(host, 8088),
        sounds=home / "sounds",
        spool=home / "spool",
    )


async def test_starts_without_a_warning(switch_process: SwitchProcess) -> None:
    assert await switch_process.management.is_ready()
    log = switch_process.configuration.log.read_text()
    assert "WARNING" not in log
    assert "ERROR" not in log


async def test_its_log_is_bounded(
    lonely_configuration: SwitchConfiguration, installation: Installation
) -> None:
    process = SwitchProcess(
        lonely_configuration, installation, STAND_IN_DIALPLAN, dies_with_us=True
    )
    log = lonely_configuration.log
    async with process:
        assert not await shorten(log, process.management)
        for _ in range(4):
            assert log.stat().st_size > 20
            assert await shorten(log, process.management, most=20, kept=2)
            await process.management.reload("res_pjsip.so")  # which it writes down
            await until(lambda: log.stat().st_size > 20)
        assert {path.name for path in log.parent.glob(f"{log.name}*")} == {
            log.name,
            f"{log.name}.0",
            f"{log.name}.1",
        }


async def test_is_started_again_when_it_dies(
    lonely_configuration: SwitchConfiguration, installation: Installation
) -> None:
    process = SwitchProcess(
        lonely_configuration, installation, STAND_IN_DIALPLAN, dies_with_us=True
    )
    async with process:
        first = process.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: process.restarts == 1)
        assert process.pid not in {None, first}
        assert await process.management.is_ready()
        last = process.pid
    await until(lambda: not Path(f"/proc/{last}").exists())


async def test_a_new_controller_takes_over_the_one_that_runs(
    lonely_configuration: SwitchConfiguration, installation: Installation
) -> None:
    first = SwitchProcess(lonely_configuration, installation, STAND_IN_DIALPLAN, dies_with_us=True)
    await first.start()
    await first.release()
    async with SwitchProcess(lonely_configuration, installation, STAND_IN_DIALPLAN) as second:
        assert second.pid == first.pid
    await until(lambda: not Path(f"/proc/{first.pid}").exists())


async def test_a_taken_port_is_named_with_its_setting(
    lonely_configuration: SwitchConfiguration, installation: Installation
) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((lonely_configuration.sip.host, lonely_configuration.sip.port))
        with pytest.raises(PortTakenError, match="HOTLINE_SIP"):
            await SwitchProcess(lonely_configuration, installation, STAND_IN_DIALPLAN).start()


def test_control_stays_on_loopback(lonely_configuration: SwitchConfiguration) -> None:
    with pytest.raises(SwitchSettingError, match="loopback"):
        replace(lonely_configuration, ari=Address("192.0.2.1", 8088))


def test_secrets_are_readable_by_the_owner_alone(switch_process: SwitchProcess) -> None:
    conf = switch_process.configuration.conf
    assert all(path.stat().st_mode & 0o077 == 0 for path in conf.iterdir())
