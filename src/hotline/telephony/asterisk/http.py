"""Plain HTTP requests to ARI, each on a connection of its own. Loopback only."""

from __future__ import annotations

import asyncio
import base64
import http.client

_TIMEOUT = 5.0


class NoHttpAnswer(Exception):
    """The switch did not answer."""


class AriHttp:
    """For what does not go over the calls' own connection: what watches over the switch's process,
    and answers of any length."""

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        self._host = host
        self._port = port
        secret = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {secret}"}

    async def request(self, method: str, uri: str) -> tuple[int, bytes]:
        """Status and body; ``uri`` is relative to ``/ari/``. Raises NoHttpAnswer."""
        return await asyncio.to_thread(self._request, method, f"/ari/{uri}")

    def _request(self, method: str, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT)
        try:
            connection.request(method, path, headers=self._headers)
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            raise NoHttpAnswer(str(error)) from error
        finally:
            connection.close()
