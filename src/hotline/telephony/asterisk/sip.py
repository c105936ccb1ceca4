"""The SIP side of the configuration: our transport, the carriers and what they may do."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.kit.errors import InvalidError

_NEVER = 4102444800
"""When a carrier's contact expires: in the year 2100."""
HEALTH = ".health"
"""Ends the name of a second endpoint of each carrier, which is never called: its contact is asked
by OPTIONS. The carrier's own is not, as Asterisk refuses to call a contact that once did not
answer until the next time it is asked, even where no other carrier is left."""


class CarrierKind(StrEnum):
    ADDRESS = "address"
    """Known by the address it sends from."""
    REGISTRATION = "registration"
    """We register at it with a user name and a password."""


class CarrierInvalidError(InvalidError):
    error_id = "carrier-invalid"
    title = "This carrier cannot be put into the switch's configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A trunk. ``name`` is its SIP endpoint name, used as ``PhoneTarget.trunk``."""

    name: str
    kind: CarrierKind = CarrierKind.ADDRESS
    host: str
    port: int = 5060
    transport: str = "udp"
    username: str | None = None
    secret: str | None = None
    match_addresses: Sequence[str] = ()
    """Addresses or networks that may send us calls; empty: the host."""
    from_user: str | None = None
    """What the From of our calls names, for a carrier that wants its account there; the caller's
    number is then in the P-Asserted-Identity. None: the caller's number is in both."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9-]{1,30}", self.name):
            raise CarrierInvalidError(f"{self.name!r} is not a name for a carrier")
        if not re.fullmatch(r"[A-Za-z0-9._:-]+", self.host):
            raise CarrierInvalidError(f"{self.host!r} is not a host")
        if self.transport not in {"udp", "tcp"}:
            raise CarrierInvalidError(f"{self.transport!r} is not a transport")
        for address in self.match_addresses:
            if not re.fullmatch(r"[A-Za-z0-9._:/-]+", address):
                raise CarrierInvalidError(f"{address!r} is not an address or network")
        for text in (self.username, self.secret):
            if text is not None and not re.fullmatch(r"[^\r\n\0]{1,128}", text):
                raise CarrierInvalidError("user name and secret are one line of text")
        if self.from_user is not None and not re.fullmatch(
            r"[A-Za-z0-9._+~-]{1,64}", self.from_user
        ):
            raise CarrierInvalidError(f"{self.from_user!r} is not a user for From")
        if self.kind is CarrierKind.REGISTRATION and not (self.username and self.secret):
            raise CarrierInvalidError("a carrier by registration has a user name and a secret")

    @property
    def uri(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        parameter = "" if self.transport == "udp" else f";transport={self.transport}"
        return f"sip:{host}:{self.port}{parameter}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SipSettings:
    """Times in seconds."""

    qualify_frequency: int = 30
    """Between the OPTIONS to a carrier."""
    qualify_timeout: float = 3.0
    rtp_timeout: int = 60
    """A call whose other side sends no audio for so long is ended."""
    rtp_timeout_hold: int = 900
    session_expires: int = 1800
    """RFC 4028: both sides refresh a call within it, so that a vanished peer is noticed."""
    context: str = "from-carrier"
    account_context: str = "from-account"
    user_agent: str = "Hotline"
    allow_refer: bool = False
    """Whether a carrier may ask us by REFER to call somebody else."""


def pjsip_conf(
    settings: SipSettings, host: str, port: int, external_host: str | None, *, with_accounts: bool
) -> str:
    """The instance's own part: global behaviour and transports."""
    bound = f"[{host}]" if ":" in host else host
    outside: dict[str, object] = {}
    if external_host:
        outside = {
            "external_media_address": external_host,
            "external_signaling_address": external_host,
            "local_net": "127.0.0.0/8",
        }
    sections: list[tuple[str, Mapping[str, object]]] = [
        (
            "global",
            {
                "type": "global",
                "user_agent": settings.user_agent,
                # By address first: it costs no query, and a carrier's From user is a caller's
                # number that must not be taken for an account.
                "endpoint_identifier_order": "ip,auth_username,username",
                "default_realm": "hotline",
                # Else a call to number@carrier is first looked up as an account of that name.
                "disable_multi_domain": "yes",
                "max_initial_qualify_time": 1,
                "keep_alive_interval": 60,
                "unidentified_request_count": 5,
                "unidentified_request_period": 5,
                "unidentified_request_prune_interval": 30,
                "send_contact_status_on_update_registration": "yes",
                "norefersub": "yes",
            },
        ),
        (
            "system",
            {
                "type": "system",
                "disable_tcp_switch": "yes",
            },
        ),
        ("udp", {"type": "transport", "protocol": "udp", "bind": f"{bound}:{port}", **outside}),
        ("tcp", {"type": "transport", "protocol": "tcp", "bind": f"{bound}:{port}", **outside}),
    ]
    if with_accounts:
        # Browsers' SIP comes in over the HTTP server; the bind address is not used.
        sections.append(
            ("ws", {"type": "transport", "protocol": "ws", "bind": f"{bound}:{port}", **outside})
        )
    return "\n".join(_section(name, values) for name, values in sections)


def carriers_conf(carriers: Sequence[Carrier], settings: SipSettings) -> str:
    """Endpoints, AORs, identification and, where needed, registration of each carrier."""
    return "\n".join(_carrier(carrier, settings) for carrier in carriers)


def _carrier(carrier: Carrier, settings: SipSettings) -> str:
    name = carrier.name
    endpoint: dict[str, object] = {
        "type": "endpoint",
        "transport": carrier.transport,
        "context": settings.context,
        "disallow": "all",
        "allow": "alaw,ulaw",
        "aors": _aor_of(carrier),
        # Not by the name in From too, which anybody could put there.
        "identify_by": "ip",
        "direct_media": "no",
        "rtp_symmetric": "yes",
        "force_rport": "yes",
        "dtmf_mode": "auto_info",
        "trust_id_inbound": "yes",
        "send_pai": "yes",
        # A caller must not be told the company's own phone number behind the hotline, and the
        # re-INVITE that would tell it costs as much as the call's set-up.
        "send_connected_line": "no",
        "from_domain": carrier.host,
        "language": "zh",
        "tone_zone": "cn",
        "allow_subscribe": "no",
        "allow_transfer": "yes" if settings.allow_refer else "no",
        "rtp_timeout": settings.rtp_timeout,
        "rtp_timeout_hold": settings.rtp_timeout_hold,
        "timers": "yes",
        "timers_sess_expires": settings.session_expires,
        "timers_min_se": 90,
    }
    qualify = {
        "qualify_frequency": settings.qualify_frequency,
        "qualify_timeout": settings.qualify_timeout,
    }
    parts: list[tuple[str, dict[str, object]]] = []
    if carrier.from_user:
        endpoint["from_user"] = carrier.from_user
    if carrier.username and carrier.secret:
        endpoint["outbound_auth"] = _auth_of(carrier)
        parts.append(
            (
                _auth_of(carrier),
                {
                    "type": "auth",
                    "auth_type": "userpass",
                    "username": carrier.username,
                    "password": carrier.secret,
                },
            )
        )
    parts += [
        (name, endpoint),
        *_reached_at(carrier, _aor_of(carrier), {"qualify_frequency": 0}),
        (
            name + HEALTH,
            {
                "type": "endpoint",
                "transport": carrier.transport,
                "aors": _aor_of(carrier) + HEALTH,
                "identify_by": "ip",
                "disallow": "all",
                "allow": "alaw",
            },
        ),
        *_reached_at(carrier, _aor_of(carrier) + HEALTH, qualify),
        (
            f"{name}-identify",
            {
                "type": "identify",
                "endpoint": name,
                "match": ",".join(carrier.match_addresses or [carrier.host]),
            },
        ),
    ]
    if carrier.kind is CarrierKind.REGISTRATION:
        parts.append((f"{name}-registration", _registration(carrier)))
    return "\n".join(_section(section, values) for section, values in parts)


def _reached_at(
    carrier: Carrier, aor: str, qualify: Mapping[str, object]
) -> list[tuple[str, dict[str, object]]]:
    """An AOR and the carrier's address as a registered contact of it, which is found without
    asking the database for others."""
    contact = {"uri": carrier.uri, "endpoint": carrier.name, "expiration_time": _NEVER}
    return [
        (aor, {"type": "aor", **qualify}),
        (f"{aor}\\;@trunk", {"type": "contact", **contact, **qualify}),
    ]


def _aor_of(carrier: Carrier) -> str:
    """Another one when the address changes: Asterisk looks at an AOR's contacts once."""
    return f"{carrier.name}-{hashlib.sha256(carrier.uri.encode()).hexdigest()[:8]}"


def _auth_of(carrier: Carrier) -> str:
    """Another one when the login changes: Asterisk registers anew only if a registration does."""
    login = f"{carrier.username}:{carrier.secret}"
    return f"{carrier.name}-auth-{hashlib.sha256(login.encode()).hexdigest()[:8]}"


def _registration(carrier: Carrier) -> dict[str, object]:
    user, _, rest = carrier.uri.partition(":")
    return {
        "type": "registration",
        "transport": carrier.transport,
        "server_uri": carrier.uri,
        "client_uri": f"{user}:{carrier.username}@{rest}",
        "contact_user": carrier.username,
        "outbound_auth": _auth_of(carrier),
        "endpoint": carrier.name,
        "line": "yes",
        "expiration": 600,
        # A site has few carriers: no need to spread their registrations over the first ten seconds,
        # in which nobody could call.
        "max_random_initial_delay": 0,
        "retry_interval": 10,
        "forbidden_retry_interval": 60,
        "fatal_retry_interval": 60,
        "max_retries": 0,
        "auth_rejection_permanent": "no",
    }


def _section(name: str, values: Mapping[str, object]) -> str:
    lines = [f"{key}={str(value).replace(';', chr(92) + ';')}" for key, value in values.items()]
    return "\n".join([f"[{name}]", *lines, ""])
