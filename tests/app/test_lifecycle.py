"""Parts that are watched, and stops that are asked for."""

from __future__ import annotations

import asyncio
import os
import signal
import socket

import pytest

from hotline.kit.clock import SystemClock
from hotline.lifecycle import AddressUnusableError, PartFailedError, StopRequest, Watched, listen
from hotline.settings import Address


async def test_a_taken_port_names_its_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AddressUnusableError, match=r"taken by another program.*HOTLINE_HTTP"):
            listen(Address("127.0.0.1", port), "HOTLINE_HTTP")


async def test_a_part_that_ends_ends_the_whole() -> None:
    async def breaks() -> None:
        raise OSError("the disk is gone")

    watched = Watched()
    watched.start("part", breaks())
    with pytest.raises(PartFailedError, match="part: the disk is gone"):
        await asyncio.wait_for(StopRequest().or_failure(watched), 5)


async def test_a_kept_part_is_begun_again() -> None:
    began = asyncio.Queue[int]()

    async def breaks_once() -> None:
        began.put_nowait(1)
        if began.qsize() == 1:
            raise OSError("for a moment")
        await asyncio.Event().wait()

    watched = Watched()
    watched.keep("part", breaks_once, SystemClock())
    async with asyncio.timeout(10):
        while began.qsize() < 2:
            await asyncio.sleep(0.01)
    await watched.stop("part")


async def test_a_signal_while_parts_start_gives_the_start_up_quietly() -> None:
    stop = StopRequest()

    async def start() -> None:
        with stop.listening():
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.Event().wait()

    await asyncio.wait_for(asyncio.create_task(start()), 5)
    assert stop.asked.is_set()


async def test_a_second_signal_gives_up_what_the_stop_waits_for() -> None:
    stop, cleaned = StopRequest(), asyncio.Event()

    async def serve() -> None:
        with stop.listening():
            try:
                os.kill(os.getpid(), signal.SIGINT)
                await stop.or_failure(Watched())
                os.kill(os.getpid(), signal.SIGINT)
                await asyncio.Event().wait()  # a part that takes for ever to stop
            finally:
                cleaned.set()

    await asyncio.wait_for(asyncio.create_task(serve()), 5)
    assert cleaned.is_set()
