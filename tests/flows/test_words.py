"""The editor has a word for everything that the server lets one set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from hotline.calls.sounds import SystemSound
from hotline.flows.graph import NODE_TYPES

WORDS: Final = Path(__file__).parents[2] / "console/src/flows/nodeWords.zh.ts"
"""The English ones have the same keys, or they do not compile."""
NOT_SET_HERE: Final = frozenset({"id", "kind", "title", "exits", "position"})
UNTRANSLATED: Final = frozenset({"method_GET", "method_POST"})
_PART: Final = re.compile(r"^  (\w+): \{\n(.*?)^  \},", re.MULTILINE | re.DOTALL)
_KEY: Final = re.compile(r'^    "?([\w*#]+)"?:', re.MULTILINE)


@pytest.fixture(scope="module")
def words() -> dict[str, set[str]]:
    found = _PART.findall(WORDS.read_text())
    return {part: set(_KEY.findall(keys)) for part, keys in found}


@pytest.mark.parametrize("kind", NODE_TYPES)
def test_settings_choices_and_exits_have_words(words: dict[str, set[str]], kind: str) -> None:
    schema = NODE_TYPES[kind].model_json_schema()
    assert kind in words["kind"]
    assert kind in words["about"]
    for name, given in schema["properties"].items():
        if name in NOT_SET_HERE:
            continue
        assert name in words["setting"] or f"{kind}_{name}" in words["settingOf"], name
        if name != "notice":
            wanted = {f"{name}_{choice}" for choice in choices(given, schema)}
            assert wanted <= words["choice"] | UNTRANSLATED, name
    for exit_ in NODE_TYPES[kind].always_left_by.all:
        assert exit_ in words["exit"] or f"{kind}_{exit_}" in words["exitOf"], exit_


def choices(given: dict[str, Any], schema: dict[str, Any]) -> Iterator[Any]:
    """What may be chosen, where there is a choice."""
    for one in given.get("anyOf", [given]):
        name = one.get("$ref", "").removeprefix("#/$defs/")
        yield from schema["$defs"][name].get("enum", ()) if name else one.get("enum", ())


def test_announcements_have_words(words: dict[str, set[str]]) -> None:
    assert {sound.value for sound in SystemSound} <= words["notice"]
