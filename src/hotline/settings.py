"""Everything that can be set, from ``HOTLINE_*`` variables or a ``hotline.env`` file.

The defaults run the whole of Hotline on one machine, reachable from that machine alone.
docs/install.md shows the same list; a test compares the two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from hotline.speech.http_voice import HttpVoiceSettings


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen: a host (IPv6 in brackets when written) and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class PortRange:
    """UDP ports from ``first`` to ``last``, both included."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


class Networks(tuple[IPv4Network | IPv6Network, ...]):
    """IP networks."""

    __slots__ = ()

    def __str__(self) -> str:
        return ",".join(map(str, self))


_ADDRESS = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<four>[^:\[\]\s]+)):(?P<port>\d{1,5})")


def parse_address(value: object) -> Address:
    """Read ``host:port``. Raises ValueError saying what is expected."""
    if isinstance(value, Address):
        return value
    match = _ADDRESS.fullmatch(str(value).strip())
    if match is None or not 0 < int(match["port"]) < 65536:
        raise ValueError("give host:port, for example 127.0.0.1:8400")
    return Address(match["six"] or match["four"], int(match["port"]))


def parse_port_range(value: object) -> PortRange:
    """Read ``first-last``. Raises ValueError saying what is expected."""
    if isinstance(value, PortRange):
        return value
    match = re.fullmatch(r"\s*(\d{1,5})\s*-\s*(\d{1,5})\s*", str(value))
    if match is None:
        raise ValueError("give first-last, for example 10000-10999")
    first, last = int(match[1]), int(match[2])
    if not 1024 <= first <= last - 3 <= 65532:
        raise ValueError("the ports must be from 1024 to 65535, at least four of them")
    return PortRange(first, last)


def parse_networks(value: object) -> Networks:
    """Read networks with commas between them. Raises ValueError saying what is expected."""
    if isinstance(value, Networks):
        return value
    try:
        return Networks(ip_network(part.strip()) for part in str(value).split(",") if part.strip())
    except ValueError as error:
        raise ValueError(f"give networks such as 10.0.0.0/8,::1/128 ({error})") from error


class Hosts(tuple[str, ...]):
    """Names of hosts, written with commas between them."""

    def __str__(self) -> str:
        return ",".join(self)


def parse_hosts(value: object) -> Hosts:
    """Read ``api.example.com, .example.org``."""
    if isinstance(value, Hosts):
        return value
    return Hosts(part.strip().lower() for part in str(value).split(",") if part.strip())


AddressSetting: TypeAlias = Annotated[Address, NoDecode, BeforeValidator(parse_address)]
NetworksSetting: TypeAlias = Annotated[Networks, NoDecode, BeforeValidator(parse_networks)]
HostsSetting: TypeAlias = Annotated[Hosts, NoDecode, BeforeValidator(parse_hosts)]
PortRangeSetting: TypeAlias = Annotated[PortRange, NoDecode, BeforeValidator(parse_port_range)]
FolderSetting: TypeAlias = Annotated[Path, AfterValidator(lambda path: path.expanduser().resolve())]


class Settings(BaseSettings):
    """What the environment says. Build it once, in the composition root."""

    model_config = SettingsConfigDict(
        env_prefix="HOTLINE_",
        env_file="hotline.env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        validate_default=True,
    )

    home: FolderSetting = Field(
        Path(".hotline"),
        description="The state folder: secrets, embedded database, recordings, spool, logs.",
    )
    tools: FolderSetting = Field(
        Path("~/.cache/hotline"),
        description="The machine's folder of what `make setup` fetched: the switch, the voices.",
    )
    node: str = Field(
        "main",
        pattern=r"^[a-z][a-z0-9-]{0,30}$",
        description="The name of this switch node; unique in a site of several.",
    )
    secret: SecretStr | None = Field(
        None,
        min_length=32,
        description="The site's master secret, the same on every node, at least 32 characters. "
        "Unset: the one kept in the state folder.",
    )

    http: AddressSetting = Field(
        Address("127.0.0.1", 8400), description="Where the API, the live pushes and pages listen."
    )
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/]+(/.*)?$",
        description="The address under which people reach the API when a proxy stands before it; "
        "with https, cookies are marked secure.",
    )
    metrics_from: NetworksSetting = Field(
        parse_networks("127.0.0.0/8,::1/128"),
        description="Networks from which `/metrics` may be read, by Prometheus.",
    )

    outbound_private: NetworksSetting = Field(
        parse_networks(""),
        description="Private networks that enterprises' webhooks and flows may send requests to; "
        "without it the public internet alone.",
    )

    flow_hosts: HostsSetting = Field(
        parse_hosts(""),
        description="Hosts that flows may send requests to, parted by commas: api.example.com, or "
        ".example.com for all below it.",
    )

    sip: AddressSetting = Field(
        Address("127.0.0.1", 5060),
        description="Where the switch listens for SIP (UDP and TCP). 0.0.0.0:5060 to serve "
        "carriers; read the firewall notes first.",
    )
    sip_external: str | None = Field(
        None,
        description="The public IP address that carriers must send audio to, behind NAT.",
    )
    rtp: PortRangeSetting = Field(
        PortRange(10000, 10999), description="UDP ports for audio; four per call."
    )
    switch: Literal["auto", "system", "tools"] = Field(
        "auto",
        description="Which Asterisk to run: the system's package, the one in the tools folder, or "
        "the first of the two that is there.",
    )
    ari: AddressSetting = Field(
        Address("127.0.0.1", 8088),
        description="Where the switch we start serves its control interface; keep it on loopback.",
    )
    ari_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s]+$",
        description="The control interface of a switch that runs elsewhere (`hotline run api` and "
        "`hotline run worker` do not need it).",
    )

    database_url: str | None = Field(
        None,
        pattern=r"^postgresql(\+psycopg)?://.+$",
        description="A PostgreSQL (16 or newer) of your own; unset: the embedded one. Its user is "
        "used by `hotline migrate` only, the roles log in with their own names.",
    )
    storage_url: str | None = Field(
        None,
        pattern=r"^(file|s3|memory)://.*$",
        description="Where recordings are kept: file:///folder or s3://bucket/prefix. Unset: the "
        "state folder.",
    )

    recording_format: Literal["mp3", "wav"] = Field(
        "mp3",
        description="How recordings and messages are kept; `wav` is five to eight times as large.",
    )
    storage_encryption: bool = Field(
        False, description="Encrypt what is kept from now on (AES-256-GCM)."
    )
    storage_secret: SecretStr | None = Field(
        None,
        min_length=32,
        description="The secret that the key of the encryption derives from, the same on every "
        "node. Unset: the site's master secret. Who loses it loses the recordings.",
    )

    voice_provider: Literal["kokoro", "espeak"] = Field(
        "kokoro", description="Who speaks texts: the neural voice or the small fallback."
    )
    voice_http: HttpVoiceSettings | None = Field(
        None,
        repr=False,
        description='A speech service asked before these, as JSON: `{"url": …, "voices": '
        '{"id": "name"}, "body": {…}, "headers": {…}}`; in the body {text}, {voice} and {speed} '
        "are replaced.",
    )
    voice: str = Field(
        "zf_xiaoxiao",
        pattern=r"^[a-zA-Z0-9_-]{1,64}$",
        description="The voice used where a prompt names none.",
    )

    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much is written to the log."
    )


def settings_table() -> str:
    """The table of docs/install.md, as Markdown."""
    lines = ["| variable | default | meaning |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        lines.append(f"| `HOTLINE_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"
