"""Finding the archive this machine was installed from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from install.debian import (
    Source,
    debian_mirror,
    is_at_least,
    parse_deb822,
    parse_list,
    read_sources,
)
from install.switch import OLDEST

from hotline.telephony.asterisk.installation import has_all_we_use

ARCHIVE = "http://a.example/os"

ONE_LINE = f"""
# the installer's
deb cdrom:[Debian 12]/ bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] https://b.example/vendor stable contrib
deb {ARCHIVE}/ bookworm main non-free-firmware  # nearest
deb-src {ARCHIVE}/ bookworm main
deb http://c.example/fixes bookworm-security main
"""

DEB822 = f"""\
Types: deb deb-src
# a comment among the fields
URIs: {ARCHIVE}
Suites: bookworm
 bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://d.example/os
Suites: bookworm
Components: main
Enabled: no
"""


def test_one_line_sources_are_read_with_options_and_comments() -> None:
    found = parse_list(ONE_LINE)
    wanted = Source(f"{ARCHIVE}/", ("bookworm",), ("main", "non-free-firmware"))
    assert wanted in found
    assert len(found) == 3


def test_deb822_sources_fold_and_can_be_switched_off() -> None:
    assert parse_deb822(DEB822) == [Source(ARCHIVE, ("bookworm", "bookworm-updates"), ("main",))]


@pytest.mark.parametrize("text", [ONE_LINE, DEB822])
def test_the_mirror_is_the_main_archive_of_this_release(text: str) -> None:
    sources = parse_list(text) + parse_deb822(text)
    assert debian_mirror(sources, "bookworm") == ARCHIVE


def test_no_mirror_on_another_distribution() -> None:
    assert debian_mirror(parse_list(ONE_LINE), "noble") is None


def test_a_mirror_list_is_resolved_to_its_first_address(tmp_path: Path) -> None:
    listed = tmp_path / "debian.list"
    listed.write_text("https://e.example/os\nhttps://f.example/os\n")
    source = Source(f"mirror+file:{listed}", ("bookworm",), ("main",))
    assert debian_mirror([source], "bookworm") == "https://e.example/os"


def test_both_forms_of_files_are_found(tmp_path: Path) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list").write_text("deb http://g.example/os bookworm main\n")
    (tmp_path / "sources.list.d" / "b.sources").write_text(DEB822)
    (tmp_path / "sources.list.d" / "c.list").write_text("deb http://h.example/os bookworm main\n")
    uris = [source.uri for source in read_sources(tmp_path)]
    assert uris == [
        "http://g.example/os",
        "http://h.example/os",
        ARCHIVE,
    ]


@pytest.mark.parametrize(
    ("version", "good"),
    [
        ("1:20.6.0~dfsg+~cs6.13-2", False),
        ("1:20.20.0~dfsg-1", True),
        ("1:16.28.0-1", False),
        ("21.12.2", False),
        ("22.9.9", False),
        ("22.10.1", True),
        ("23.4.0", True),
        ("24.0.0", True),
        ("", False),
    ],
)
def test_installer_and_program_agree_on_versions(version: str, good: bool) -> None:
    assert is_at_least(version, OLDEST) is good
    plain = re.match(r"(?:1:)?([\d.]+)", version)
    assert plain is None or has_all_we_use(plain[1]) is good
