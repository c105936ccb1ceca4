"""A caller who speaks SIP by hand (RFC 3261), to say what no proper one would."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Sequence
from types import TracebackType
from typing import Self
from uuid import uuid4


class SipCaller:
    """One caller with one call, on UDP. It sends no audio."""

    def __init__(self, host: str, to: str, number: str, *headers: str) -> None:
        """``host`` is where it sends from, ``to`` the switch's ``host:port``; ``headers`` are
        lines of the INVITE besides the usual."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self._socket.setblocking(False)
        self._own = "{}:{}".format(*self._socket.getsockname())
        self._to = to
        self._number = number
        self._headers = headers
        self._call = uuid4().hex
        self._tag = uuid4().hex[:8]
        self._uri = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def send(self, message: str) -> None:
        host, _, port = self._to.partition(":")
        self._socket.sendto(message.encode(), (host, int(port)))

    async def final(self, within: float) -> str:
        """The next final answer to the INVITE."""
        async with asyncio.timeout(within):
            while True:
                data = await asyncio.get_running_loop().sock_recv(self._socket, 65535)
                text = data.decode()
                status = re.match(r"SIP/2\.0 (\d{3})", text)
                if status and int(status[1]) >= 200 and re.search(r"(?im)^CSeq: 1 INVITE", text):
                    return text

    def invite(self, dialled: str) -> str:
        self._uri = f"sip:{dialled}@{self._to}"
        host = self._own.partition(":")[0]
        body = "\r\n".join(
            (
                "v=0",
                f"o=- 1 1 IN IP4 {host}",
                "s=-",
                f"c=IN IP4 {host}",
                "t=0 0",
                "m=audio 40000 RTP/AVP 8",
                "a=rtpmap:8 PCMA/8000",
                "",
            )
        )
        return self._request("INVITE", 1, f"<{self._uri}>", body, self._headers)

    def ack(self, answer: str) -> str:
        return self._request("ACK", 1, _header(answer, "To"))

    def bye(self, answer: str) -> str:
        return self._request("BYE", 2, _header(answer, "To"))

    def _request(
        self, method: str, number: int, to: str, body: str = "", headers: Sequence[str] = ()
    ) -> str:
        lines = [
            f"{method} {self._uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {self._own};branch=z9hG4bK{uuid4().hex};rport",
            "Max-Forwards: 70",
            f"From: <sip:{self._number}@{self._own}>;tag={self._tag}",
            f"To: {to}",
            f"Call-ID: {self._call}",
            f"CSeq: {number} {method}",
            f"Contact: <sip:{self._number}@{self._own}>",
            *headers,
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
            "",
            body,
        ]
        return "\r\n".join(lines)


def _header(message: str, name: str) -> str:
    found = re.search(rf"(?im)^{name}: (.*?)\r?$", message)
    assert found is not None, message
    return found[1]
