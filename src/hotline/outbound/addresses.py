"""Which addresses a tenant may make us talk to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final, TypeAlias

IpAddress: TypeAlias = IPv4Address | IPv6Address
IpNetwork: TypeAlias = IPv4Network | IPv6Network
_NAT64: Final = IPv6Network("64:ff9b::/96")
Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]


class AddressRefused(Exception):
    """The host has no address, or one that tenants must not reach."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """The host's addresses. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[4][0]) for address in found]


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Lets requests out to the public internet, and to ``allowed`` networks besides.

    The name is resolved once and the connection goes to the address that was looked at: an answer
    of the name server that changes in between gains nothing.
    """

    allowed: tuple[IpNetwork, ...] = ()
    resolve: Resolve = resolve

    @classmethod
    def of(cls, networks: Iterable[IpNetwork]) -> AddressGuard:
        return cls(tuple(networks))

    async def address_of(self, host: str, port: int) -> str:
        """The address to connect to. Raises AddressRefused."""
        try:
            found = [ip_address(text.partition("%")[0]) for text in await self.resolve(host, port)]
        except (OSError, UnicodeError) as error:
            raise AddressRefused(f"{host} cannot be found") from error
        for address in found:
            if not self.permits(address):
                raise AddressRefused(f"{host} is at {address}, which is not a public address")
        if not found:
            raise AddressRefused(f"{host} cannot be found")
        return str(found[0])

    def permits(self, address: IpAddress) -> bool:
        inner = _inner(address) if isinstance(address, IPv6Address) else None
        if inner is not None:
            address = inner
        if any(address in network for network in self.allowed):
            return True
        if isinstance(address, IPv6Address) and address.is_site_local:
            return False
        return address.is_global and not address.is_multicast

    def permits_host(self, host: str) -> bool:
        """False: it is written as an address that tenants must not reach. Names are looked at when
        they are asked, by :meth:`address_of`."""
        try:
            return self.permits(ip_address(host.strip("[]").partition("%")[0]))
        except ValueError:
            return True


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that this one leads to, by whatever way of writing or translation."""
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour
