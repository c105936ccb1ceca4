"""Several things awaited at once, of which one counts."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def first_of(*awaited: Coroutine[Any, Any, T]) -> T:
    """The result of the first to come, or its error; of several at once the first in the list.

    The others are cancelled and have ended by then; so have all when this is cancelled.
    """
    tasks = [asyncio.create_task(one) for one in awaited]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            return task.result()
    raise asyncio.CancelledError
