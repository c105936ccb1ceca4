"""Phones that note when they are called: all numbers of one address, in this process."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections import defaultdict

_ANSWER = """v=0\r
o=- 1 1 IN IP4 {host}\r
s=-\r
c=IN IP4 {host}\r
t=0 0\r
m=audio 27000 RTP/AVP 8\r
a=rtpmap:8 PCMA/8000\r
"""
_CALLED = re.compile(r"INVITE sip:([^@;>]+)@")
_COPIED = ("via", "from", "to", "call-id", "cseq")


class NotedPhones(asyncio.DatagramProtocol):
    """Answers every INVITE at once, hangs up after ``talk_seconds``; says the time of each."""

    def __init__(self, address: tuple[str, int], talk_seconds: float) -> None:
        self.invited: dict[str, list[float]] = defaultdict(list)
        """Number → when it was called, seconds of the wall clock; each call once."""
        self._address = address
        self._talk_seconds = talk_seconds
        self._seen: set[str] = set()
        self._rings: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._transport: asyncio.DatagramTransport | None = None
        self._branches = itertools.count()

    async def start(self) -> None:
        self._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: self, local_addr=self._address
        )

    def stop(self) -> None:
        if self._transport is not None:
            self._transport.close()

    async def rings(self, number: str, within: float) -> float:
        """When ``number`` was called last; waits for the first call since :meth:`forget`.

        Raises TimeoutError.
        """
        async with asyncio.timeout(within):
            await self._rings[number].wait()
        return self.invited[number][-1]

    def forget(self, number: str) -> None:
        """A call from now on is the next one that :meth:`rings` sees."""
        self._rings[number].clear()

    # ------------------------------------------------------------ SIP, as little as it takes

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        now = time.time()
        head = data.decode(errors="replace")
        method = head.split(" ", 1)[0]
        if method in ("ACK", "SIP/2.0"):
            return
        headers = _headers(head)
        if method == "INVITE":
            self._invited(head, headers, addr, now)
        else:
            self._send(_response(headers, self._contact), addr)

    def _invited(
        self, head: str, headers: dict[str, list[str]], addr: tuple[str, int], now: float
    ) -> None:
        call_id = headers["call-id"][0]
        answer = _response(headers, self._contact, _ANSWER.format(host=self._address[0]))
        self._send(answer, addr)
        called = _CALLED.match(head)
        if call_id in self._seen or called is None:
            return
        self._seen.add(call_id)
        self.invited[called[1]].append(now)
        self._rings[called[1]].set()
        loop = asyncio.get_running_loop()
        loop.call_later(self._talk_seconds, self._send, self._goodbye(headers), addr)

    def _goodbye(self, headers: dict[str, list[str]]) -> str:
        contact = headers["contact"][0]
        target = contact[contact.index("<") + 1 : contact.index(">")] if "<" in contact else contact
        host, port = self._address
        return (
            f"BYE {target} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bKbye{next(self._branches)}\r\n"
            f"From: {_tagged(headers['to'][0])}\r\nTo: {headers['from'][0]}\r\n"
            f"Call-ID: {headers['call-id'][0]}\r\nCSeq: 1 BYE\r\nMax-Forwards: 70\r\n"
            "Content-Length: 0\r\n\r\n"
        )

    @property
    def _contact(self) -> str:
        return f"<sip:{self._address[0]}:{self._address[1]}>"

    def _send(self, message: str, addr: tuple[str, int]) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(message.encode(), addr)


def _headers(message: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in message.split("\r\n\r\n", 1)[0].split("\r\n")[1:]:
        name, _, value = line.partition(":")
        found[name.strip().lower()].append(value.strip())
    return found


def _response(headers: dict[str, list[str]], contact: str, body: str = "") -> str:
    lines = ["SIP/2.0 200 OK"]
    for name in _COPIED:
        values = headers[name]
        lines += [f"{name}: {_tagged(one) if name == 'to' else one}" for one in values]
    lines.append(f"contact: {contact}")
    if body:
        lines.append("content-type: application/sdp")
    return "\r\n".join([*lines, f"content-length: {len(body)}", "", body])


def _tagged(to: str) -> str:
    return to if ";tag=" in to else f"{to};tag=noted"
