"""The threads of a call stay together on one core and wait for each other."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.contract.stage import Stage, connected
from tests.switch.conftest import STAND_IN_DIALPLAN
from tests.switch.staged import pair, sounds, stage
from tests.switch.test_engine import engine_of
from tests.switch.test_process import lonely_configuration, until

from hotline.kit.clock import SystemClock
from hotline.telephony.asterisk import steering as module
from hotline.telephony.asterisk.configuration import SwitchConfiguration
from hotline.telephony.asterisk.console import say
from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.asterisk.process import SwitchProcess
from hotline.telephony.asterisk.steering import Load, Steering, with_room
from hotline.telephony.port import RecordSpec

__all__ = ["lonely_configuration", "pair", "sounds", "stage"]

CORES = sorted(os.sched_getaffinity(0))
needs_two_cores = pytest.mark.skipif(len(CORES) < 2, reason="one core alone")


@dataclass(frozen=True)
class Place:
    """Where a thread may run, and as what."""

    cores: frozenset[int]
    policy: int


def batch(*cores: int) -> Place:
    return Place(frozenset(cores), os.SCHED_BATCH)


async def places_by_kind(installation: Installation, main_file: Path) -> dict[str, set[Place]]:
    """What a thread runs → where those that do are."""
    found: dict[str, set[Place]] = {}
    for line in (await say(installation, main_file, "core show threads")).splitlines():
        if line.startswith("0x"):
            _, thread, runs, *_ = line.split()
            with suppress(ProcessLookupError):  # the console's own
                cores = frozenset(os.sched_getaffinity(int(thread)))
                place = Place(cores, os.sched_getscheduler(int(thread)))
                found.setdefault(runs, set()).add(place)
    return found


@needs_two_cores
async def test_the_threads_of_a_call_share_a_core(stage: Stage, installation: Installation) -> None:
    home = engine_of(stage)._settings.recordings.parents[2] / "s"
    main_file = home / "etc" / "asterisk.conf"
    pid = int((home / "run" / "hotline-switch.pid").read_text())
    as_ever = {Place(frozenset(os.sched_getaffinity(pid)), os.SCHED_OTHER)}
    steering = Steering(installation, main_file)
    await steering.find_workers(pid)
    phone = stage.phone().answers()
    try:
        for core in CORES[:2]:
            steering.steer([core])
            outside, call = await stage.incoming()
            plan = stage.connect_plan(record=RecordSpec(stage.recordings / f"steered-{core}.wav"))
            talk = connected(await call.connect(plan))
            await asyncio.sleep(0.3)
            await steering.find_workers(pid)  # as it is done from time to time
            where = await places_by_kind(installation, main_file)
            for kind in ("pbx_thread", "bridge_channel_ind_thread", "mixmonitor_thread"):
                assert where[kind] == {batch(core)}, kind
            assert where["autoservice_run"] == where["sched_run"] == as_ever
            await (await phone.rings()).hangup()
            await talk.ended()
            await outside.hangup()
    finally:
        steering.let_go()
    where = await places_by_kind(installation, main_file)
    assert where["default_tps_processing_function"] == as_ever


@needs_two_cores
async def test_a_switch_is_steered_while_it_is_looked_after(
    lonely_configuration: SwitchConfiguration, installation: Installation
) -> None:
    process = SwitchProcess(
        lonely_configuration, installation, STAND_IN_DIALPLAN, dies_with_us=True, steered=True
    )
    async with process:
        pid = process.pid
        assert pid is not None

        def on_one_core() -> set[int]:
            found = set()
            for thread in map(int, os.listdir(f"/proc/{pid}/task")):
                with suppress(ProcessLookupError):
                    if len(os.sched_getaffinity(thread)) == 1:
                        found.add(thread)
            return found

        await until(lambda: len(on_one_core()) > 3)
        assert {core for one in on_one_core() for core in os.sched_getaffinity(one)} <= set(CORES)
        await process.release()
        assert not on_one_core()


class Cores:
    """What the system says of its cores, look by look."""

    def __init__(self, *shares: Sequence[float]) -> None:
        self._left = list(shares)
        self._ticks: dict[int, tuple[int, int]] = dict.fromkeys(range(len(shares[0])), (0, 0))

    def __call__(self) -> dict[int, tuple[int, int]]:
        for core, share in enumerate(self._left.pop(0)):
            busy, total = self._ticks[core]
            self._ticks[core] = (busy + round(share * 1000), total + 1000)
        return dict(self._ticks)


def test_a_busier_core_takes_no_new_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = [(0, 0, 0), (0.5, 0.5, 0.5), (0.9, 0.5, 0.5), (0.1, 0.5, 0.5), (0, 0, 0)]
    monkeypatch.setattr(module, "_ticks", Cores(*looks))
    load = Load()
    assert load.shares([0, 1, 2]) == {}
    assert with_room(load.shares([0, 1, 2])) == [0, 1, 2]
    assert with_room(load.shares([0, 1, 2])) == [1, 2]
    assert with_room(load.shares([0, 1, 2])) == [0, 1, 2]
    assert with_room(load.shares([0, 1, 2])) == [0]


def test_the_cores_that_there_are_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ticks", Cores((0, 0), (0.2, 0.4), (0.2, 0.4)))
    load = Load()
    load.shares([1, 7])
    assert load.shares([1, 7]) == {1: pytest.approx(0.4)}


def test_one_core_without_time_beside_one_with_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_ticks", Cores((0, 0), *[(1, 0.5)] * 9, (1, 1), (1, 1)))
    load = Load()
    for _ in range(5):
        load.shares([0, 1])
        assert not load.is_lopsided
    for _ in range(5):
        load.shares([0, 1])
        assert load.is_lopsided
    load.shares([0, 1])  # 1 and three quarters
    load.shares([0, 1])
    assert not load.is_lopsided


@pytest.mark.parametrize("error", [errno.EPERM, errno.EINVAL])
async def test_where_it_is_not_allowed_nothing_is_done(
    error: int, installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """EINVAL: the cores were taken away from the process."""
    looks = []

    async def refused(_: Steering, pid: int) -> None:
        looks.append(pid)
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(Steering, "find_workers", refused)
    monkeypatch.setattr(module, "_allowed", lambda pid: {0, 1})
    async with asyncio.timeout(2):
        await Steering(installation, tmp_path).keep(lambda: 7, SystemClock())
    assert looks == [7]


def as_if(
    monkeypatch: pytest.MonkeyPatch, *, cores: set[int], runs: dict[int, str]
) -> tuple[dict[int, set[int]], dict[int, int]]:
    """The switch's threads are ``runs``: what each is told, of cores and of what it is."""
    told: dict[int, set[int]] = {}
    policies: dict[int, int] = {}
    monkeypatch.setattr(module, "_allowed", lambda pid: cores)
    monkeypatch.setattr(module, "_threads", lambda pid: list(runs))
    monkeypatch.setattr(module, "_allow", lambda thread, cores: told.update({thread: set(cores)}))
    monkeypatch.setattr(module, "_run_as", lambda thread, kind: policies.update({thread: kind}))

    async def listing(*_: object) -> str:
        return "".join(f"0x7f {t} {name}  started at [1] a.c\n" for t, name in runs.items())

    monkeypatch.setattr(module, "say", listing)
    return told, policies


WORKER = "default_tps_processing_function"


async def test_on_one_core_calls_wait_for_each_other_too(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = {11: WORKER, 12: WORKER, 21: "pbx_thread", 31: "sched_run"}
    told, policies = as_if(monkeypatch, cores={3}, runs=runs)
    steering = Steering(installation, tmp_path)
    await steering._look(7)
    assert policies == {11: os.SCHED_BATCH, 12: os.SCHED_BATCH, 31: os.SCHED_OTHER}
    assert told == {31: {3}}
    steering.let_go()
    assert policies == dict.fromkeys([11, 12, 31], os.SCHED_OTHER)


async def test_where_batch_work_is_refused_calls_keep_to_their_cores(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, _policies = as_if(monkeypatch, cores={0, 1}, runs={11: WORKER, 12: WORKER})

    def refused(thread: int, policy: int) -> None:
        raise PermissionError(errno.EPERM, f"{thread} is not to be {policy}")

    monkeypatch.setattr(module, "_run_as", refused)
    steering = Steering(installation, tmp_path)
    await steering.find_workers(7)
    steering.steer([0, 1])
    assert sorted(told.items()) == [(11, {1}), (12, {0})]
    steering.let_go()
    assert told == {11: {0, 1}, 12: {0, 1}}


async def test_all_may_go_anywhere_when_one_core_has_no_time_left(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_ticks", Cores((0, 0), *[(1, 0.5)] * 6))
    runs = {11: WORKER, 12: WORKER, 21: "pbx_thread"}
    told, _policies = as_if(monkeypatch, cores={0, 1}, runs=runs)
    steering = Steering(installation, tmp_path)
    for _ in range(5):
        await steering._look(7)
        assert 21 not in told
    assert told == {11: {1}, 12: {1}}  # the one with room
    await steering._look(7)
    assert told == {11: {1}, 12: {1}, 21: {0, 1}}
