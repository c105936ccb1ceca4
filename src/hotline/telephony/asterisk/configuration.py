"""What one Asterisk instance needs to know, and the files that tell it.

Everything is generated into the instance's own folder; nothing of /etc/asterisk is read.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import TypeAlias

from hotline.kit.errors import InvalidError
from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.asterisk.modules import modules
from hotline.telephony.asterisk.rtp import rtp_conf
from hotline.telephony.asterisk.sip import Carrier, SipSettings, carriers_conf, pjsip_conf

STASIS_APP = "hotline"
CARRIER_CONTEXT = "from-carrier"
ACCOUNT_CONTEXT = "from-account"
CARRIERS_FILE = "pjsip_carriers.conf"
Section: TypeAlias = tuple[str, Mapping[str, object]]


class SwitchSettingError(InvalidError):
    error_id = "switch-setting"
    title = "A setting of the switch cannot be used"


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchDatabase:
    """Where the SIP accounts are: a role that may read the ``ps_`` views and nothing else."""

    name: str
    user: str
    password: str
    host: str | None = None
    """None for the Unix socket in ``socket``."""
    port: int = 5432
    socket: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchConfiguration:
    """One instance. Its folders are made by :func:`write_configuration`."""

    node: str
    """Its name among the nodes; prefixes every channel id."""
    home: Path
    """Its state: configuration, run, logs, spool. Keep it short: it holds a Unix socket."""
    sip: Address
    ari: Address
    """HTTP, WebSocket and ARI; loopback only."""
    rtp: tuple[int, int] = (10000, 20000)
    """First and last UDP port for audio."""
    ari_user: str = "hotline"
    ari_password: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    sounds: Path
    spool: Path
    """Recordings and the journal are written here."""
    music: Path | None = None
    """Folder of the music on hold; None for what Asterisk brings, if anything."""
    external_host: str | None = None
    """The address that carriers and browsers reach us by, where a NAT stands between."""
    database: SwitchDatabase | None = None
    carriers: Sequence[Carrier] = ()
    sip_settings: SipSettings = field(default_factory=SipSettings)

    def __post_init__(self) -> None:
        if not ip_address(self.ari.host).is_loopback:
            raise SwitchSettingError(f"ARI must stay on loopback, not {self.ari.host}")
        first, last = self.rtp
        if not 1024 <= first < last <= 65535:
            raise SwitchSettingError(f"the RTP range {first}-{last} is not within 1024-65535")
        if len(str(self.control_socket).encode()) > 100:
            raise SwitchSettingError(f"{self.home} is too long a path for a Unix socket")

    @property
    def conf(self) -> Path:
        return self.home / "etc"

    @property
    def main_file(self) -> Path:
        return self.conf / "asterisk.conf"

    @property
    def log(self) -> Path:
        """Notices, warnings and errors of the running instance."""
        return self.home / "log" / "asterisk.log"

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def control_socket(self) -> Path:
        return self.run / "asterisk.ctl"


def write_configuration(
    configuration: SwitchConfiguration, installation: Installation, extensions: str
) -> None:
    """Write every file and folder the instance needs; ``extensions`` is its dialplan's text."""
    for folder in (
        configuration.conf,
        configuration.run,
        configuration.log.parent,
        configuration.home / "lib",
        configuration.home / "spool" / "recording",
        configuration.home / "keys",  # it complains when the folder is missing
        configuration.sounds,
        configuration.spool,
    ):
        folder.mkdir(parents=True, exist_ok=True)
    configuration.home.chmod(0o700)
    files = _files(configuration, installation, extensions)
    if not configuration.carriers and (configuration.conf / CARRIERS_FILE).exists():
        # Those of the last time serve until somebody says otherwise: a switch that is taken over
        # must not refuse its carriers' calls meanwhile.
        del files[CARRIERS_FILE]
    for name, text in files.items():
        _write_secret(configuration.conf / name, text)


def write_carriers(configuration: SwitchConfiguration, carriers: Sequence[Carrier]) -> bool:
    """Put ``carriers`` in place of those there were; False when nothing changed.

    Takes effect when ``res_pjsip`` is reloaded, which drops no call.
    """
    path = configuration.conf / CARRIERS_FILE
    text = carriers_conf(carriers, configuration.sip_settings)
    if path.exists() and path.read_text() == text:
        return False
    _write_secret(path, text)
    return True


def has_registrations(configuration: SwitchConfiguration) -> bool:
    """Whether there is a carrier at which the switch registers."""
    path = configuration.conf / CARRIERS_FILE
    return path.exists() and "type=registration\n" in path.read_text()


def _write_secret(path: Path, text: str) -> None:
    """Replace the file in one step, readable by its owner alone."""
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    fresh.replace(path)


def _files(c: SwitchConfiguration, installation: Installation, extensions: str) -> dict[str, str]:
    with_database = c.database is not None
    sip = c.sip_settings
    files = {
        "asterisk.conf": _ini(*_asterisk(c, installation)),
        "modules.conf": _modules(installation, with_database=with_database),
        "logger.conf": _ini(
            (
                "general",
                {"dateformat": "%FT%T.%3q", "use_callids": "yes", "rotatestrategy": "rotate"},
            ),
            ("logfiles", {"asterisk.log": "notice,warning,error"}),
        ),
        "http.conf": _ini(
            (
                "general",
                {
                    "servername": "Hotline",
                    "enabled": "yes",
                    "enable_static": "no",
                    "enable_status": "no",
                    "bindaddr": c.ari.host,
                    "bindport": c.ari.port,
                    "sessionlimit": 500,
                },
            )
        ),
        "ari.conf": _ini(
            ("general", {"enabled": "yes", "pretty": "no", "websocket_write_timeout": 5000}),
            (c.ari_user, {"type": "user", "password": c.ari_password, "read_only": "no"}),
        ),
        "rtp.conf": rtp_conf(c.rtp, c.sip.host, c.external_host),
        "pjsip.conf": pjsip_conf(
            sip, c.sip.host, c.sip.port, c.external_host, with_accounts=with_database
        )
        + f"\n#include {CARRIERS_FILE}\n",
        CARRIERS_FILE: carriers_conf(c.carriers, sip),
        "sorcery.conf": _sorcery(with_database=with_database),
        "extconfig.conf": _extconfig() if with_database else "",
        "extensions.conf": extensions,
        "musiconhold.conf": _music(c.music or installation.data / "moh"),
        "indications.conf": _ini(*_indications()),
        "features.conf": _ini(("general", {}), ("featuremap", {})),
        "cdr.conf": _ini(("general", {"enable": "no"})),
        "cel.conf": _ini(("general", {"enable": "no"})),
        "manager.conf": _ini(("general", {"enabled": "no"})),
        "codecs.conf": _ini(("opus", {"type": "opus"})),
        # Nobody reads these; each would be made into JSON for every call before it is dropped.
        "stasis.conf": "[declined_message_types]\n"
        + "".join(f"decline={kind}\n" for kind in _UNREAD_MESSAGES),
        "pjproject.conf": _ini(("startup", {"log_level": 0}), ("log_mappings", _PJ_LEVELS)),
        "cli.conf": "",
        "cli_permissions.conf": _ini(("general", {"default_perm": "permit"})),
        "udptl.conf": "",
        "acl.conf": "",
        "ccss.conf": _ini(("general", {})),
        "dsp.conf": "",
        "dnsmgr.conf": "",
        "websocket_client.conf": "",
    }
    if c.database is not None:
        files["res_pgsql.conf"] = _ini(("general", _postgres(c.database)))
    return files


_UNREAD_MESSAGES = (
    "ast_channel_varset_type",
    "ast_rtp_rtcp_sent_type",
    "ast_rtp_rtcp_received_type",
    "ast_channel_entered_bridge_type",
    "ast_channel_left_bridge_type",
)
_PJ_LEVELS = {
    "type": "log_mappings",
    "asterisk_error": "0-1",
    "asterisk_warning": "2",
    "asterisk_debug": "3-5",
}


def _asterisk(c: SwitchConfiguration, installation: Installation) -> tuple[Section, ...]:
    folders = {
        "astetcdir": c.conf,
        "astmoddir": installation.modules,
        "astvarlibdir": c.home / "lib",
        "astdbdir": c.home / "lib",
        "astkeydir": c.home,
        "astdatadir": installation.data,
        "astagidir": c.home / "lib",
        "astspooldir": c.home / "spool",
        "astrundir": c.run,
        "astlogdir": c.log.parent,
    }
    options = {
        "systemname": c.node,
        "nocolor": "yes",
        "maxfiles": 65536,
        # A channel whose variables ARI has set could not write its journal line otherwise. What
        # it allows to whoever may use ARI is FILE(): SHELL() and its like are not loaded.
        "live_dangerously": "yes",
        "hideconnect": "yes",
        "lockconfdir": "no",
        "defaultlanguage": "zh",
    }
    return ("directories", folders), ("options", options)


def _modules(installation: Installation, *, with_database: bool) -> str:
    lines = ["[modules]", "autoload=no"]
    if with_database:
        lines.append("preload=res_config_pgsql.so")
    lines += [f"load={name}.so" for name in modules(installation.modules)]
    return "\n".join(lines) + "\n"


def _postgres(database: SwitchDatabase) -> dict[str, object]:
    values: dict[str, object] = {
        "port": database.port,
        "dbname": database.name,
        "user": database.user,
        "password": database.password,
        "appname": "hotline-switch",
        "requirements": "warn",
        "order_multi_row_results_by_initial_column": "no",
    }
    # The library underneath takes a socket's folder for a host too; Asterisk's own setting for
    # it warns at each start.
    if host := database.socket or database.host:
        values["hostname"] = host
    return values


def _sorcery(*, with_database: bool) -> str:
    """Carriers from our own file, found first and without a query; accounts from the database.

    Contacts are what Asterisk asks every store for, even those of an AOR that has a contact of its
    own; only a hit in a store that counts as a cache ends its search. Our file is that cache, so
    that a call to a carrier never waits for the database, nor for the switch's own on disk.
    """
    lines = ["[res_pjsip]", "contact/cache=config,pjsip.conf,criteria=type=contact"]
    for kind in ("endpoint", "auth", "aor"):
        lines.append(f"{kind}=config,pjsip.conf,criteria=type={kind}")
        if with_database:
            lines.append(f"{kind}=realtime,ps_{kind}s")
    lines.append("contact=realtime,ps_contacts" if with_database else "contact=astdb,registrar")
    return "\n".join(lines) + "\n"


def _extconfig() -> str:
    tables = ("ps_endpoints", "ps_auths", "ps_aors", "ps_contacts")
    return "\n".join(["[settings]", *(f"{name} => pgsql,general,{name}" for name in tables), ""])


def _music(folder: Path) -> str:
    """The class ``default``, when there is anything to play."""
    if not folder.is_dir() or not any(path.is_file() for path in folder.iterdir()):
        return ""
    return _ini(("default", {"mode": "files", "directory": folder, "sort": "random"}))


def _indications() -> tuple[Section, ...]:
    """Tones as the Chinese network sends them (GB/T 15279): 450 Hz."""
    china = {
        "description": "China",
        "ringcadence": "1000,4000",
        "dial": "450",
        "busy": "450/350,0/350",
        "ring": "450/1000,0/4000",
        "congestion": "450/700,0/700",
        "callwaiting": "450/400,0/4000",
        "dialrecall": "450",
        "record": "950/400,0/10000",
        "info": "450/100,0/100,450/100,0/100,450/100,0/100,450/400,0/400",
        "stutter": "450+425",
    }
    return ("general", {"country": "cn"}), ("cn", china)


def _ini(*sections: Section) -> str:
    lines: list[str] = []
    for name, values in sections:
        lines.append(f"[{name}]")
        lines += [f"{key}={_safe(value)}" for key, value in values.items()]
        lines.append("")
    return "\n".join(lines)


def _safe(value: object) -> str:
    """A value on one line, with the comment sign escaped."""
    text = str(value)
    if "\n" in text or "\r" in text:
        raise SwitchSettingError(f"line breaks are not possible in {text!r}")
    return text.replace(";", "\\;")
