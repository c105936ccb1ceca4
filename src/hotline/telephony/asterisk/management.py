"""The few requests that watch over the process itself, apart from the calls' own connection."""

from __future__ import annotations

import orjson

from hotline.kit.errors import UnavailableError
from hotline.telephony.asterisk.http import AriHttp, NoHttpAnswer


class ManagementUnreachable(UnavailableError):
    error_id = "switch-unreachable"
    title = "The switch does not answer"


class Management:
    """Asks whether it works, and lets it read its files again."""

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        self._http = AriHttp(host, port, user, password)

    async def is_ready(self) -> bool:
        """True once every module is loaded. Raises ManagementUnreachable."""
        status, body = await self._request("GET", "asterisk/modules/pbx_config.so")
        return status == 200 and orjson.loads(body)["status"] == "Running"

    async def reload(self, module: str) -> None:
        """Let a module read its files again; no call is dropped. Raises ManagementUnreachable."""
        status, _ = await self._request("PUT", f"asterisk/modules/{module}")
        if status not in {200, 204}:
            raise ManagementUnreachable(f"reloading {module} was answered by {status}")

    async def rotate(self, log: str) -> None:
        """Begin the log file anew; the old one becomes ``log.0``. Raises ManagementUnreachable."""
        status, _ = await self._request("PUT", f"asterisk/logging/{log}/rotate")
        if status not in {200, 204}:
            raise ManagementUnreachable(f"rotating {log} was answered by {status}")

    async def version(self) -> str:
        """Such as ``22.10.1``. Raises ManagementUnreachable."""
        status, body = await self._request("GET", "asterisk/info?only=system")
        if status != 200:
            raise ManagementUnreachable(f"its version was answered by {status}")
        return str(orjson.loads(body)["system"]["version"])

    async def endpoints(self) -> dict[str, str]:
        """SIP endpoint name → ``online``, ``offline`` or ``unknown``.

        Raises ManagementUnreachable.
        """
        status, body = await self._request("GET", "endpoints/PJSIP")
        if status != 200:
            return {}
        return {entry["resource"]: entry["state"] for entry in orjson.loads(body)}

    async def _request(self, method: str, uri: str) -> tuple[int, bytes]:
        try:
            return await self._http.request(method, uri)
        except NoHttpAnswer as error:
            raise ManagementUnreachable(str(error)) from error
