"""Which SIP accounts can be reached.

Asked for, not subscribed to: a subscription to an endpoint brings every event of its calls too.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from http import HTTPStatus

from hotline.telephony.asterisk.client import AriClient, AriError, path
from hotline.telephony.asterisk.sip import HEALTH
from hotline.telephony.port import DeviceChange, SwitchDown

EVERY = 2.0
"""Seconds between two looks."""


async def endpoints(client: AriClient) -> dict[str, bool]:
    """SIP endpoint name → online. Raises SwitchDown."""
    try:
        found = await client.list_all("endpoints/PJSIP")
    except AriError as error:
        if error.status == HTTPStatus.NOT_FOUND:  # its word for "none yet"
            return {}
        raise
    return {one["resource"]: one["state"] == "online" for one in found}


async def trunks(client: AriClient, accounts_prefix: str) -> dict[str, bool]:
    """Those that are carriers → whether they answered last. Raises SwitchDown.

    The switch goes on listing a carrier that was taken out of its configuration until it is
    restarted; what it would really dial tells.
    """
    found = await endpoints(client)
    return {
        name: found.get(name + HEALTH, False)
        for name in found
        if not name.startswith(accounts_prefix)
        and not name.endswith(HEALTH)
        and await _is_configured(client, name)
    }


async def _is_configured(client: AriClient, endpoint: str) -> bool:
    try:
        await client.request("GET", f"asterisk/config/dynamic/res_pjsip/endpoint/{path(endpoint)}")
    except AriError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            return False
        raise
    return True


async def accounts(client: AriClient, prefix: str) -> dict[str, bool]:
    """Those that are SIP accounts. Raises SwitchDown."""
    found = await endpoints(client)
    return {name: online for name, online in found.items() if name.startswith(prefix)}


async def changes(client: AriClient, prefix: str) -> AsyncIterator[DeviceChange]:
    """See ``port.Switch.device_changes``."""
    said: set[str] = set()
    while True:
        await client.wait_connected()
        with suppress(SwitchDown):
            now = {name for name, online in (await accounts(client, prefix)).items() if online}
            for account in sorted(now ^ said):
                yield DeviceChange(account, account in now)
            said = now
        await asyncio.sleep(EVERY)
