"""Whether who is called gives a sign of life at all.

The switch repeats an INVITE to which nothing is said for 32 seconds (RFC 3261 §17.1.1.2, timer B).
No caller should wait so long for a carrier or a phone that is gone, yet a shorter timer loses calls
where a machine has too much to do (docs/adr/0010). So we give up ourselves whoever says nothing for
``SIGN_WITHIN``, not even "100 Trying".
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from hotline.telephony.asterisk.client import AriClient

SIGN_WITHIN = timedelta(seconds=6)
SIGN = "${HANGUPCAUSE_KEYS()}"
"""Empty until there is one: the switch keeps the status of each answer to an INVITE, also of one
that says nothing yet, at the called party's channel and at the one that calls it."""
_AT_ONCE = 0.5
"""Seconds."""


async def read_now(client: AriClient, channel: str, text: str) -> tuple[str, bool]:
    """What ``text`` comes to on the channel of that path, and whether the switch said it at once.

    One that takes its time has too much to do: it may not have read the other side's sign yet.
    Raises AriError, SwitchDown.
    """
    loop = asyncio.get_running_loop()
    asked = loop.time()
    said = await client.request("GET", f"{channel}/variable", {"variable": f"EVAL({text})"})
    return str(said["value"]), loop.time() - asked < _AT_ONCE
