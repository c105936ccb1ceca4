"""What the API is built from; the composition root fills it in, tests fill in their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final, cast

from fastapi.requests import HTTPConnection
from prometheus_client import CollectorRegistry

from hotline.calls.commands import CommandBus
from hotline.db.database import Database
from hotline.kit.clock import Clock
from hotline.live.hub import LiveHub, LiveTimes
from hotline.prompts.limits import VoiceAllowance
from hotline.recordings.storage import RecordingStore
from hotline.speech.service import Speech
from hotline.staff.authentication import Authentication, SessionTimes
from hotline.staff.passwords import Passwords

LOOPBACK: Final = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """The API's own settings. Sizes in bytes."""

    secure_cookies: bool = False
    """True behind HTTPS: cookies are then never sent in the clear."""
    body_limit: int = 1_000_000
    upload_limit: int = 30_000_000
    """For ``multipart/form-data`` bodies."""
    session_times: SessionTimes = field(default_factory=SessionTimes)
    export_limit: int = 100_000
    """Calls in one exported file."""
    metrics_from: Sequence[IPv4Network | IPv6Network] = LOOPBACK
    """Who may read /metrics."""
    live_times: LiveTimes = field(default_factory=LiveTimes)
    console: Path | None = None
    """The folder of the console's pages; None: the API alone."""
    flow_hosts: Sequence[str] = ()
    """Hosts to which flows may send requests."""
    outbound_private: Sequence[IPv4Network | IPv6Network] = ()
    """Private networks that enterprises' webhooks may be in."""
    phone_socket: str | None = None
    """Where the switch takes SIP over WebSocket; None: phones in browsers cannot be used."""
    phone_quiet: float = 300.0
    """Seconds without a message after which a phone's connection is closed."""


@dataclass(kw_only=True, slots=True)
class ApiParts:
    """Everything the routers use. A slice with a service of its own adds a field for it."""

    database: Database
    clock: Clock
    settings: ApiSettings = field(default_factory=ApiSettings)
    passwords: Passwords = field(default_factory=Passwords)
    speech: Speech | None = None
    """None where texts and uploads cannot be turned into sounds."""
    recordings: RecordingStore | None = None
    """None where recordings cannot be heard."""
    metrics: CollectorRegistry = field(default_factory=CollectorRegistry)
    """This process's own numbers."""
    voice_allowance: VoiceAllowance = field(init=False)
    live: LiveHub = field(init=False)
    commands: CommandBus = field(init=False)

    def __post_init__(self) -> None:
        self.commands = CommandBus(self.database, self.clock)
        self.voice_allowance = VoiceAllowance(self.clock)
        self.live = LiveHub(self.database.platform_url, self.clock, self.settings.live_times)

    def authentication(self) -> Authentication:
        return Authentication(self.database, self.clock, self.settings.session_times)


def parts_of(connection: HTTPConnection) -> ApiParts:
    """The parts of the application that serves this request or WebSocket."""
    return cast(ApiParts, connection.app.state.parts)
