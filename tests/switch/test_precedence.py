"""Threads that serve all calls go before those that serve one."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from tests.contract.stage import Stage, connected
from tests.switch.staged import pair, sounds, stage
from tests.switch.test_engine import engine_of

from hotline.kit.clock import SystemClock
from hotline.telephony.asterisk.console import say
from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.asterisk.precedence import Precedence

__all__ = ["pair", "sounds", "stage"]

PREFERRED = os.SCHED_RR | os.SCHED_RESET_ON_FORK


def may_prefer() -> bool:
    policy, param = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        return False
    os.sched_setscheduler(0, policy, param)
    return True


@pytest.mark.skipif(not may_prefer(), reason="real-time priority is not allowed here")
async def test_calls_are_not_preferred_to_what_serves_all(
    stage: Stage, installation: Installation
) -> None:
    home = engine_of(stage)._settings.recordings.parents[2] / "s"
    main_file = home / "etc" / "asterisk.conf"
    pid = int((home / "run" / "hotline-switch.pid").read_text())
    phone = stage.phone().answers()
    outside, call = await stage.incoming()
    talk = connected(await call.connect(stage.connect_plan()))  # so autoservice runs, too
    precedence = Precedence(installation, main_file)
    await precedence.look(pid)
    listing = await say(installation, main_file, "core show threads")
    policies: dict[str, set[int]] = {}
    for line in listing.splitlines():
        if line.startswith("0x"):
            _, thread, runs, *_ = line.split()
            if Path(f"/proc/{pid}/task/{thread}").exists():
                policies.setdefault(runs, set()).add(os.sched_getscheduler(int(thread)))
    names = {
        thread.name: (thread / "comm").read_text().strip()
        for thread in Path(f"/proc/{pid}/task").iterdir()
    }
    (sip,) = (int(thread) for thread, name in names.items() if name == "SIP")
    assert os.sched_getscheduler(sip) == PREFERRED
    for preferred in ("default_tps_processing_function", "autoservice_run", "sched_run"):
        assert policies[preferred] == {PREFERRED}, preferred
    assert PREFERRED in policies["handle_tcptls_connection"]
    assert policies["pbx_thread"] == {os.SCHED_OTHER}
    second = await stage.incoming("13900000001")  # begun by a thread that is preferred
    listing = await say(installation, main_file, "core show threads")
    of_calls = [int(line.split()[1]) for line in listing.splitlines() if " pbx_thread " in line]
    assert len(of_calls) == 2
    assert {os.sched_getscheduler(thread) for thread in of_calls} == {os.SCHED_OTHER}
    await second[1].hangup()
    await (await phone.rings()).hangup()
    await talk.ended()
    await outside.hangup()


async def test_where_it_is_not_allowed_nobody_is_preferred(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []

    async def refused(_: Precedence, pid: int) -> None:
        looks.append(pid)
        raise PermissionError

    monkeypatch.setattr(Precedence, "look", refused)
    async with asyncio.timeout(2):
        await Precedence(installation, tmp_path).keep(lambda: 7, SystemClock())
    assert looks == [7]
