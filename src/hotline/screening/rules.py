"""What can be screened, and reading whole lists of it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from hotline.kit.errors import Words
from hotline.kit.numbers import NumberKind, parse_number
from hotline.kit.regions import city_of_area_code

MAX_LINES: Final = 10_000
MAX_NOTE: Final = 200
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_SEPARATORS = re.compile(r"[\s()（）\-－—]")
_PREFIX = re.compile(r"\+?[0-9]{1,20}")
_HEADINGS = frozenset(
    {"number", "phone", "号码", "电话", "电话号码", "手机号", "主叫号码", "热线号码", "区号"}
)
_OFFICE = re.compile(r"[0-9]{1,5}")
_DATE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")


class Match(StrEnum):
    NUMBER = "number"
    PREFIX = "prefix"


class PatternError(ValueError):
    """Something that cannot be screened; ``words`` say why to whoever entered it."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list that could be read."""

    number: int
    """From 1, as an editor counts."""
    pattern: str
    until: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of a list that could not."""

    number: int
    text: str
    words: Words


def pattern_of(entered: str, match: Match) -> str:
    """``entered`` in the form in which callers' numbers are compared. Raises PatternError."""
    if match is Match.PREFIX:
        digits = _SEPARATORS.sub("", entered)
        if not _PREFIX.fullmatch(digits):
            raise PatternError(Words("a prefix is up to 20 digits", "号码前缀应为最多 20 位数字"))
        return digits
    number = parse_number(entered)
    # A long number of no form that is known is what nuisance callers like to show.
    is_number = _PREFIX.fullmatch(number.digits) and len(number.digits) >= 3
    if number.kind is NumberKind.ANONYMOUS or not is_number or "@" in entered:
        raise PatternError(Words("is not a telephone number", "不是电话号码"))
    return number.digits


def check_area_code(entered: str) -> str:
    """A long-distance area code with its 0. Raises PatternError."""
    if city_of_area_code(entered) is None:
        raise PatternError(Words("is not an area code like 010", "不是有效的长途区号，例如 010"))
    return entered


def decode_list(content: bytes) -> str:
    """The text of a file: UTF-8, or GB 18030 as Chinese spreadsheets save it.

    Raises PatternError for what is neither.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise PatternError(
        Words("is not a text file (UTF-8 or GB 18030)", "不是文本文件（UTF-8 或 GB 18030）")
    )


def read_list(text: str, match: Match) -> Iterator[Line | BadLine]:
    """One entry a line: number, until (a date, optional), note (optional), by comma or tab.

    Empty lines and a first line of headings are passed over. A date holds to its end in China.
    """
    for position, raw, fields in rows_of_list(text):
        try:
            yield _line(position, fields, match)
        except PatternError as error:
            yield BadLine(position, raw[:100], error.words)


@dataclass(frozen=True, slots=True)
class AreaLine:
    """A line of a list of areas that could be read."""

    area_code: str
    office_code: str | None
    note: str


def read_areas(text: str) -> Iterator[AreaLine | BadLine]:
    """One area a line: area code, office code (optional), note (optional), by comma or tab."""
    for position, raw, fields in rows_of_list(text):
        try:
            yield _area_line(fields)
        except PatternError as error:
            yield BadLine(position, raw[:100], error.words)


def _area_line(fields: list[str]) -> AreaLine:
    if len(fields) > 3:
        raise PatternError(Words("more than area, office and note", "多于区号、局号、备注三列"))
    area, office, note = (*fields, "", "")[:3]
    if office and not _OFFICE.fullmatch(office):
        raise PatternError(Words("an office code is 1 to 5 digits", "局号应为 1 至 5 位数字"))
    return AreaLine(check_area_code(_whole(area)), office or None, check_note(note))


def _whole(area_code: str) -> str:
    """With the 0 that spreadsheets take from the front of numbers."""
    return f"0{area_code}" if area_code.isdecimal() and area_code[0] != "0" else area_code


def check_note(note: str) -> str:
    """Raises PatternError."""
    if len(note) > MAX_NOTE:
        raise PatternError(
            Words(f"a note has at most {MAX_NOTE} characters", f"备注最多 {MAX_NOTE} 个字符")
        )
    return note


def rows_of_list(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Of each entry the line's number, the line and its fields, parted by comma, tab or semicolon.

    Empty lines and a first line of headings are passed over.
    """
    for position, raw in enumerate(text.splitlines(), start=1):
        fields = _fields(raw)
        heading = position == 1 and fields[0].lower() in _HEADINGS
        if raw.strip() and not heading:
            yield position, raw, fields


def _fields(raw: str) -> list[str]:
    delimiter = "\t" if "\t" in raw else ";" if ";" in raw and "," not in raw else ","
    row = next(csv.reader(io.StringIO(raw.replace("，", ",")), delimiter=delimiter), [""])
    # Spreadsheets keep a number's leading 0 by an apostrophe before it.
    return [field.strip().removeprefix("'") for field in row] or [""]


def _line(position: int, fields: list[str], match: Match) -> Line:
    if len(fields) > 3:
        raise PatternError(Words("more than number, date and note", "多于号码、截止日期、备注三列"))
    number, until, note = (*fields, "", "")[:3]
    return Line(position, pattern_of(number, match), _until(until), check_note(note))


def _until(entered: str) -> datetime | None:
    if not entered:
        return None
    found = _DATE.fullmatch(entered)
    try:
        if found is None:
            raise ValueError
        day = date(*(int(part) for part in found.groups())) + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise PatternError(
            Words(f"{entered[:20]!r} is not a date", f"“{entered[:20]}”不是日期，例如 2026-12-31")
        ) from error
    return datetime.combine(day, time(), _SHANGHAI).astimezone(UTC)
