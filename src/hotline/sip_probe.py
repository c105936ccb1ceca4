"""Whether anything speaks SIP at an address."""

from __future__ import annotations

import secrets
import socket

_TRIES = 2
_ENOUGH = 2048


def answers_in_sip(host: str, port: int, patience: float) -> bool:
    """Ask by OPTIONS over UDP (RFC 3261 §11): any answer will do. At most ``patience`` seconds."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.settimeout(patience / _TRIES)
        try:
            sock.connect((host, port))
            for _ in range(_TRIES):
                sock.send(_options(host, port, sock.getsockname()[1]))
                try:
                    return sock.recv(_ENOUGH).startswith(b"SIP/2.0 ")
                except TimeoutError:
                    continue
        except OSError:  # nobody listens there, or there is no way to it
            return False
    return False


def _options(host: str, port: int, own_port: int) -> bytes:
    place = f"[{host}]" if ":" in host else host
    mark = secrets.token_hex(8)
    lines = (
        f"OPTIONS sip:{place}:{port} SIP/2.0",
        f"Via: SIP/2.0/UDP {place}:{own_port};branch=z9hG4bK{mark};rport",
        "Max-Forwards: 1",
        f"From: <sip:doctor@{place}>;tag={mark}",
        f"To: <sip:{place}:{port}>",
        f"Call-ID: {mark}",
        "CSeq: 1 OPTIONS",
        "Content-Length: 0",
    )
    return "\r\n".join((*lines, "", "")).encode()
