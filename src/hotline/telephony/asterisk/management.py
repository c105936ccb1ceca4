"""The few requests that watch over the process itself, apart from the calls' own connection."""

from __future__ import annotations

import asyncio
import base64
import http.client

import orjson

from hotline.kit.errors import UnavailableError

_TIMEOUT = 5.0


class ManagementUnreachable(UnavailableError):
    error_id = "switch-unreachable"
    title = "The switch does not answer"


class Management:
    """Plain HTTP requests to ARI, each on a connection of its own. Loopback only."""

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        self._host = host
        self._port = port
        secret = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {secret}"}

    async def is_ready(self) -> bool:
        """True once every module is loaded. Raises ManagementUnreachable."""
        status, body = await self._request("GET", "/ari/asterisk/modules/pbx_config.so")
        return status == 200 and orjson.loads(body)["status"] == "Running"

    async def reload(self, module: str) -> None:
        """Let a module read its files again; no call is dropped. Raises ManagementUnreachable."""
        status, _ = await self._request("PUT", f"/ari/asterisk/modules/{module}")
        if status not in {200, 204}:
            raise ManagementUnreachable(f"reloading {module} was answered by {status}")

    async def rotate(self, log: str) -> None:
        """Begin the log file anew; the old one becomes ``log.0``. Raises ManagementUnreachable."""
        status, _ = await self._request("PUT", f"/ari/asterisk/logging/{log}/rotate")
        if status not in {200, 204}:
            raise ManagementUnreachable(f"rotating {log} was answered by {status}")

    async def version(self) -> str:
        """Such as ``22.10.1``. Raises ManagementUnreachable."""
        status, body = await self._request("GET", "/ari/asterisk/info?only=system")
        if status != 200:
            raise ManagementUnreachable(f"its version was answered by {status}")
        return str(orjson.loads(body)["system"]["version"])

    async def endpoints(self) -> dict[str, str]:
        """SIP endpoint name → ``online``, ``offline`` or ``unknown``.

        Raises ManagementUnreachable.
        """
        status, body = await self._request("GET", "/ari/endpoints/PJSIP")
        if status != 200:
            return {}
        return {entry["resource"]: entry["state"] for entry in orjson.loads(body)}

    async def _request(self, method: str, path: str) -> tuple[int, bytes]:
        return await asyncio.to_thread(self._blocking_request, method, path)

    def _blocking_request(self, method: str, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT)
        try:
            connection.request(method, path, headers=self._headers)
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            raise ManagementUnreachable(str(error)) from error
        finally:
            connection.close()
