"""docs/install.md lists exactly the settings there are."""

from __future__ import annotations

from pathlib import Path

from hotline.settings import settings_table

INSTALL = Path(__file__).parents[2] / "docs" / "install.md"


def test_the_table_of_settings_is_current() -> None:
    text = INSTALL.read_text(encoding="utf-8")
    begin, end = "<!-- settings:begin -->\n", "<!-- settings:end -->"
    written = text[text.index(begin) + len(begin) : text.index(end)]
    assert written == settings_table(), "put the output of hotline.settings.settings_table() there"
