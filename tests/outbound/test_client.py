"""Requests for tenants: where they may go, and what they bring back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address, ip_network

import pytest

from hotline.outbound.addresses import AddressGuard, AddressRefused, Resolve
from hotline.outbound.client import OutboundClient, OutboundError

LOOPBACK = AddressGuard.of([ip_network("127.0.0.0/8")])


@asynccontextmanager
async def server(answer: bytes, requests: list[bytes] | None = None) -> AsyncIterator[str]:
    """The address of a server that says ``answer``, whatever it is asked."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if requests is not None:
            requests.append(head)
        writer.write(answer)
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"


def names(table: dict[str, list[str]]) -> Resolve:
    async def resolve(host: str, port: int) -> Sequence[str]:
        del port
        if host not in table:
            raise OSError("no such name")
        return table[host]

    return resolve


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.9.9",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "fec0::1",
        "64:ff9b::a00:1",
        "2002:a00:1::1",
    ],
)
def test_what_stands_behind_the_firewall_is_not_reached(address: str) -> None:
    assert not AddressGuard().permits(ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "223.5.5.5", "2400:3200::1", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_the_internet_is(address: str) -> None:
    assert AddressGuard().permits(ip_address(address))


async def test_one_private_address_of_a_name_refuses_it() -> None:
    table = {"mixed.test": ["1.1.1.1", "10.0.0.1"], "none.test": []}
    guard = AddressGuard(resolve=names(table))
    for host in ("mixed.test", "none.test", "unknown.test"):
        with pytest.raises(AddressRefused):
            await guard.address_of(host, 80)


async def test_the_name_that_was_looked_at_is_the_one_that_is_asked() -> None:
    asked: list[bytes] = []
    async with server(b"HTTP/1.1 204 No Content\r\n\r\n", asked) as address:
        port = address.rpartition(":")[2]
        guard = AddressGuard(
            (ip_network("127.0.0.0/8"),),
            names({"shop.test": ["127.0.0.1"]}),
        )
        async with OutboundClient(guard) as client:
            answer = await client.request("POST", f"http://shop.test:{port}/x", body=b"1", within=5)
    assert (answer.status, answer.good) == (204, True)
    assert f"host: shop.test:{port}\r\n".encode() in asked[0].lower()


async def test_redirects_are_an_answer_like_others() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n"
    async with server(moved) as address, OutboundClient(LOOPBACK) as client:
        assert (await client.request("GET", address, within=5)).status == 302


async def test_long_answers_are_cut() -> None:
    body = b"x" * 5000
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"
    async with server(head + body) as address, OutboundClient(LOOPBACK) as client:
        answer = await client.request("GET", address, within=5, most=100)
    assert (answer.body, answer.cut) == (b"x" * 100, True)


async def test_silence_and_nonsense_are_errors() -> None:
    async with OutboundClient(LOOPBACK) as client:
        async with server(b"") as address:
            with pytest.raises(OutboundError):
                await client.request("GET", address, within=5)
        async with server(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n") as address:
            with pytest.raises(OutboundError):
                await client.request("GET", address, within=0.2)
        for url in ("ftp://example.test/", "http://", "nonsense", "http://10.0.0.1/"):
            with pytest.raises(OutboundError):
                await client.request("GET", url, within=5)
