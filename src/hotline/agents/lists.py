"""Lists of agents as spreadsheets save them: pure reading, line by line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from hotline.hotlines.rules import NumberRefusedError, destination_number
from hotline.kit.errors import Words
from hotline.kit.short_numbers import NO_EXTENSION, is_emergency
from hotline.screening.rules import PatternError, decode_list

MAX_LINES: Final = 2000
_EXTENSION: Final = re.compile(r"[0-9]{2,8}")
_SKILL: Final = re.compile(r"([^:：;；]{1,40})[:：]([0-9]{1,2})")


class ListError(ValueError):
    """The list cannot be read at all, or one line of it; ``words`` say why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


@dataclass(frozen=True, slots=True)
class AgentLine:
    number: int
    """Of the line, from 1."""
    text: str
    extension: str
    name: str
    login: str = ""
    phone: str = ""
    """The own phone's number; empty for none."""
    skills: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BadAgentLine:
    number: int
    text: str
    words: Words


def read_agents(content: bytes) -> Iterator[AgentLine | BadAgentLine]:
    """One agent a line: extension, name, login, own phone, skills (``英语:8;退款:5``).

    Empty lines and a first line of headings are passed over. Raises ListError for what is no
    text or has more than 2,000 lines.
    """
    try:
        lines = decode_list(content).splitlines()
    except PatternError as error:
        raise ListError(error.words) from error
    if len(lines) > MAX_LINES:
        raise ListError(
            Words(f"at most {MAX_LINES} lines at a time", f"一次最多导入 {MAX_LINES} 行")
        )
    for position, raw in enumerate(lines, start=1):
        fields = _fields(raw)
        heading = position == 1 and not any(char.isdigit() for char in fields[0])
        if not raw.strip() or heading:
            continue
        try:
            yield _line(position, raw[:100], fields)
        except ListError as error:
            yield BadAgentLine(position, raw[:100], error.words)


def _fields(raw: str) -> list[str]:
    delimiter = "\t" if "\t" in raw else ","
    row = next(csv.reader(io.StringIO(raw.replace("，", ",")), delimiter=delimiter), [""])
    # Spreadsheets keep a number's leading 0 by an apostrophe before it.
    return [one.strip().removeprefix("'") for one in row] or [""]


def _line(position: int, text: str, fields: list[str]) -> AgentLine:
    if len(fields) > 5:
        raise ListError(Words("more than five columns", "多于五列"))
    extension, name, login, phone, skills = (*fields, "", "", "", "", "")[:5]
    if not _EXTENSION.fullmatch(extension):
        raise ListError(Words("an extension is 2 to 8 digits", "分机号应为 2 至 8 位数字"))
    if is_emergency(extension):
        raise ListError(NO_EXTENSION)
    if not 1 <= len(name) <= 64:
        raise ListError(Words("a name has 1 to 64 characters", "姓名应为 1 至 64 个字符"))
    if phone:
        try:
            phone = destination_number(phone)
        except NumberRefusedError as error:
            raise ListError(error.words) from error
    return AgentLine(position, text, extension, name, login.lower(), phone, _skills(skills))


def _skills(entered: str) -> dict[str, int]:
    skills: dict[str, int] = {}
    for part in re.split("[;；]", entered):
        if not part.strip():
            continue
        found = _SKILL.fullmatch(part.strip())
        if found is None or not 1 <= int(found[2]) <= 10:
            raise ListError(
                Words(
                    "skills are written 英语:8;退款:5, level 1 to 10",
                    "技能应写作 英语:8;退款:5，级别 1 至 10",
                )
            )
        skills[found[1].strip()] = int(found[2])
    return skills
