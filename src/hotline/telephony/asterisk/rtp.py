"""The audio's part of the configuration."""

from __future__ import annotations

import socket
from ipaddress import ip_address

_DISCARD = 9
"""A port that nothing is sent to."""


def rtp_conf(ports: tuple[int, int], host: str, external_host: str | None) -> str:
    """``host`` is where the switch listens, ``external_host`` where it is reached behind NAT."""
    lines = [
        "[general]",
        f"rtpstart={ports[0]}",
        f"rtpend={ports[1]}",
        "strictrtp=yes",
        "icesupport=yes",
        "probation=2",
    ]
    local = local_address(host, external_host) if external_host else None
    if local is not None and local != external_host:
        # Browsers send audio to the addresses that ICE offers them (RFC 8445), not to the one
        # that carriers are told.
        lines += ["[ice_host_candidates]", f"{local} => {external_host},include_local_address"]
    return "\n".join([*lines, ""])


def local_address(host: str, towards: str) -> str | None:
    """This machine's address for packets to ``towards`` where ``host`` says "all of them".

    None: there is no way there. Nothing is sent.
    """
    if not ip_address(host).is_unspecified:
        return host
    kind = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
    with socket.socket(kind, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((towards, _DISCARD))
        except OSError:
            return None
        return str(probe.getsockname()[0])
