"""The state folder."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from hotline.home import Home, HomeInUseError, HomeUnusableError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_closed_to_others_and_keeps_its_secret(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    first = home.derived_secret("a")
    home.create()
    assert mode(home.root) == 0o700
    assert mode(home.root / "secret") == 0o600
    assert home.derived_secret("a") == first
    assert home.derived_secret("b") != first
    assert not list(home.root.glob(".secret-*"))


def test_nodes_that_share_a_secret_derive_the_same(tmp_path: Path) -> None:
    one, two = Home(tmp_path / "1", secret="s" * 40), Home(tmp_path / "2", secret="s" * 40)
    one.create()
    assert one.derived_secret("db") == two.derived_secret("db")
    assert not (one.root / "secret").exists()


def test_only_one_hotline_at_a_time(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.create()
    home.lock()
    with pytest.raises(HomeInUseError, match=r"process \d+.*HOTLINE_HOME"):
        Home(tmp_path).lock()
    home.unlock()
    again = Home(tmp_path)
    again.lock()
    again.unlock()


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(HomeUnusableError, match="HOTLINE_HOME"):
        Home(tmp_path / "home").create()
