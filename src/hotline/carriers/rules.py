"""What may be written into the switch's configuration about a carrier.

The switch reads lines, and a semicolon there begins a comment or another value. So everything is
held to a narrow form here rather than quoted there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

from hotline.kit.errors import InvalidError, Words
from hotline.kit.regions import city_of_area_code

_NAME = re.compile(r"[a-z][a-z0-9-]{1,30}")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_USERNAME = re.compile(r"[A-Za-z0-9._+@~-]{1,64}")
_FROM_USER = re.compile(r"[A-Za-z0-9._+~-]{1,64}")
_SECRET = re.compile(r"[!-~]{1,128}")
_SPECIAL_IN_SECRETS = frozenset(';"\\^')
MAX_MATCHES = 50


def is_name(name: str) -> bool:
    """Whether it can name the SIP endpoint: lower case, begins with a letter, 2 to 31 long."""
    return _NAME.fullmatch(name) is not None


def is_host(host: str) -> bool:
    """A host name (RFC 1123) or an IP address without brackets."""
    if _is_address(host):
        return True
    labels = host.split(".")
    # All digits at the end is a mistyped address, never a name (RFC 3696 §2).
    return (
        len(host) <= 253
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdecimal()
    )


def is_match(entry: str) -> bool:
    """An IP address or a network such as ``203.0.113.0/24``; never the whole world."""
    try:
        network = ip_network(entry, strict=True)
    except ValueError:
        return False
    return "%" not in entry and network.prefixlen >= (8 if network.version == 4 else 16)


def is_username(username: str) -> bool:
    return _USERNAME.fullmatch(username) is not None


def is_from_user(user: str) -> bool:
    """What may stand before the @ of a SIP address without being escaped."""
    return _FROM_USER.fullmatch(user) is not None


def is_secret(secret: str) -> bool:
    """Printable ASCII without what the switch's files treat as special."""
    return _SECRET.fullmatch(secret) is not None and not _SPECIAL_IN_SECRETS & set(secret)


def check_whole(carrier: Mapping[str, Any]) -> None:
    """Check every field and that they fit together. Raises InvalidError naming the fields."""
    wrong = {field: words for field, words in _problems(carrier) if words is not None}
    if wrong:
        raise InvalidError(fields=wrong)


def _problems(carrier: Mapping[str, Any]) -> list[tuple[str, Words | None]]:
    username, secret = carrier["username"], carrier["secret"]
    registers = carrier["kind"] == "registration"
    credentials = Words("registration needs it", "注册方式必须填写")
    return [
        (
            "name",
            None
            if is_name(carrier["name"])
            else Words(
                "lower-case letters, digits and hyphens, 2 to 31, beginning with a letter",
                "小写字母、数字和连字符，以字母开头，2 至 31 位",
            ),
        ),
        ("host", None if is_host(carrier["host"]) else _NOT_A_HOST),
        (
            "username",
            credentials
            if registers and not username
            else None
            if username is None or is_username(username)
            else Words("letters, digits and ._+@~- only", "只能用字母、数字和 ._+@~-"),
        ),
        (
            "secret",
            credentials
            if registers and not secret
            else None
            if secret is None or is_secret(secret)
            else Words(
                'printable characters without spaces and ; " \\ ^',
                '只能用可打印字符，不含空格和 ; " \\ ^',
            ),
        ),
        (
            "from_user",
            None
            if carrier["from_user"] is None or is_from_user(carrier["from_user"])
            else Words("letters, digits and ._+~- only", "只能用字母、数字和 ._+~-"),
        ),
        (
            "area_code",
            None
            if carrier["area_code"] is None or city_of_area_code(carrier["area_code"])
            else Words("is not an area code like 010", "不是有效的长途区号，例如 010"),
        ),
        ("match_addresses", _match_problem(carrier["match_addresses"])),
    ]


_NOT_A_HOST = Words("is neither a host name nor an IP address", "不是有效的主机名或 IP 地址")


def _match_problem(entries: Sequence[str]) -> Words | None:
    if len(entries) > MAX_MATCHES:
        return Words(f"at most {MAX_MATCHES} of them", f"最多 {MAX_MATCHES} 个")
    bad = next((entry for entry in entries if not is_match(entry)), None)
    if bad is None:
        return None
    return Words(
        f"{bad[:50]!r} is neither an IP address nor a network", f"“{bad[:50]}”不是 IP 地址或网段"
    )


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return "%" not in host
