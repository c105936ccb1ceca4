"""docs/install.md names exactly the numbers that Prometheus is given."""

from __future__ import annotations

import re
from pathlib import Path

import hotline

TEXT = (Path(__file__).parents[2] / "docs" / "install.md").read_text(encoding="utf-8")
SOURCES = ("metrics/api.py", "app.py")


def test_the_table_of_numbers_is_current() -> None:
    modules = [Path(hotline.__file__).parent / source for source in SOURCES]
    given = {
        name
        for module in modules
        for name in re.findall(r'"(hotline_[a-z_]+)"', module.read_text(encoding="utf-8"))
    }
    assert len(given) > 10
    assert set(re.findall(r"^\| `(hotline_[a-z_]+)", TEXT, re.MULTILINE)) == given
