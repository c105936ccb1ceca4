from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from hotline.kit.virtual_clock import DEFAULT_START, VirtualClock


async def test_advance_wakes_sleepers_in_order_at_their_instants() -> None:
    clock = VirtualClock()
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, *naps: float) -> None:
        for nap in naps:
            await clock.sleep(nap)
            woken.append((name, clock.monotonic()))

    tasks = [asyncio.create_task(sleeper("a", 2, 2)), asyncio.create_task(sleeper("b", 3))]
    await clock.advance(3.5)
    assert woken == [("a", 2.0), ("b", 3.0)]
    assert clock.now() == DEFAULT_START + timedelta(seconds=3.5)
    await clock.advance(1)
    assert woken[-1] == ("a", 4.0)
    await asyncio.gather(*tasks)


async def test_flowing_passes_hours_in_no_time_and_cancelled_sleepers_do_not_count() -> None:
    clock = VirtualClock()
    began = time.monotonic()
    async with clock.flowing():
        forgotten = asyncio.create_task(clock.sleep(1))
        await asyncio.sleep(0)
        forgotten.cancel()
        await clock.sleep(3600)
        assert clock.monotonic() == 3600
    assert time.monotonic() - began < 1


async def test_time_waits_for_sockets() -> None:
    clock = VirtualClock()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        await asyncio.sleep(0.05)
        writer.write(b"answer\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server, clock.flowing():
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        late = asyncio.create_task(clock.sleep(0.001))
        writer.write(b"question\n")
        await reader.readline()
        assert not late.done()
        writer.close()
        await writer.wait_closed()
        late.cancel()


async def test_held_time_does_not_pass() -> None:
    clock = VirtualClock()
    async with clock.flowing():
        with clock.held():
            sleeper = asyncio.create_task(clock.sleep(1))
            await asyncio.to_thread(time.sleep, 0.02)
            assert not sleeper.done()
        await sleeper
