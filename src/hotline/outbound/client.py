"""One request, bounded in time and size, to an address that was looked at first."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from types import TracebackType
from typing import Final

import httpx

from hotline.outbound.addresses import AddressGuard, AddressRefused

USER_AGENT: Final = "Hotline"
_PORTS: Final = {"http": 80, "https": 443}


class OutboundError(Exception):
    """No answer came: refused, unreachable, too slow or too large. The text says which."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    cut: bool
    """Whether there was more of the body than was asked for."""

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


class OutboundClient:
    """Requests on behalf of tenants. Redirects are not followed; proxies of the environment are
    not asked. Use it as an async context manager, or ``close()`` it."""

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._http = httpx.AsyncClient(
            follow_redirects=False,
            trust_env=False,
            # None is used again: it is known by its address alone, and the name that TLS has
            # confirmed may be another tenant's.
            limits=httpx.Limits(max_connections=200, max_keepalive_connections=0),
        )

    async def __aenter__(self) -> OutboundClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        within: float,
        most: int = 65_536,
    ) -> Answer:
        """The answer, at most ``most`` bytes of it, in ``within`` seconds. Raises OutboundError."""
        try:
            async with asyncio.timeout(within):
                return await self._request(method, httpx.URL(url), body, dict(headers or {}), most)
        except TimeoutError as error:
            raise OutboundError(f"no answer within {within:g} s") from error
        except AddressRefused as error:
            raise OutboundError(str(error)) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise OutboundError(str(error) or type(error).__name__) from error

    async def _request(
        self, method: str, url: httpx.URL, body: bytes | None, headers: dict[str, str], most: int
    ) -> Answer:
        if url.scheme not in _PORTS or not url.host:
            raise OutboundError("the address must begin with https:// or http://")
        port = url.port or _PORTS[url.scheme]
        address = await self._guard.address_of(url.host, port)
        # The name goes into the Host header and, for TLS, is the one the certificate must have.
        request = self._http.build_request(
            method,
            url.copy_with(host=_in_url(address)),
            content=body,
            headers={"User-Agent": USER_AGENT, **headers, "Host": url.netloc.decode()},
            extensions={"sni_hostname": url.host},
            timeout=None,
        )
        answer = await self._http.send(request, stream=True)
        try:
            received = bytearray()
            async for piece in answer.aiter_bytes():
                received += piece
                if len(received) > most:
                    break
        finally:
            await answer.aclose()
        return Answer(answer.status_code, bytes(received[:most]), len(received) > most)


def _in_url(address: str) -> str:
    return f"[{address}]" if isinstance(ip_address(address), IPv6Address) else address


def host_of(url: str) -> str | None:
    """The host that ``url`` names; None: it is no address to which requests are sent."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        return None
    return parts.host or None if parts.scheme in _PORTS else None
