"""Write a text the way a voice should read it to a caller: no digit, no symbol is left.

Rules are tried in order, the most telling first: what is a date is no longer a number when the
rule for numbers comes. What is left of Latin letters is either a word or letters set apart by
spaces ("V I P").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from hotline.speech.numerals import (
    count,
    decimal,
    digits,
    integer,
    money,
    telephone_digits,
)


class Rule(NamedTuple):
    pattern: re.Pattern[str]
    spoken: Callable[[re.Match[str]], str]


def normalise(text: str) -> str:
    """The text as it is read aloud; empty where nothing can be."""
    text = _plain(text)
    for rule in _RULES:
        text = rule.pattern.sub(rule.spoken, text)
    return _punctuation(text)


# ---------------------------------------------------------------- before the rules

_WIDE = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_WIDE |= {
    ord(wide): ord(plain)
    for wide, plain in zip(
        "．％＋－＃＊／＠＆＝～￥－–—−　", ".%+-#*/@&=~¥----  "[:17], strict=True
    )
}
_TAG = re.compile(r"<[^<>]{0,200}>")


def _plain(text: str) -> str:
    text = _TAG.sub(" ", text).translate(_WIDE)
    kept = (
        sign
        for sign in text
        if sign == "\n"
        or (
            unicodedata.category(sign)[0] not in "C"
            and (unicodedata.category(sign) != "So" or sign in "℃㎡°")
        )
    )
    return re.sub(r"[ \t\r\f\v\u00a0]+", " ", "".join(kept)).strip()


# ---------------------------------------------------------------- the rules

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NOT_IN_NUMBER = r"(?<![\d.,])"
_END = r"(?![\d]|[.,]\d)"
_MEASURES = (
    "个|位|次|名|人|小时|分钟|秒钟|秒|天|周|年|件|条|家|种|台|部|项|张|份|套|万|亿|倍|层|楼层|"
    "公里|公斤|千克|千米|平方米|米|斤|块|毛|通|遍|步|点钟|折|期|岁|辆|间|卷|瓶|箱|袋|册|本|支"
)
_UNITS = {
    "km/h": "公里每小时",
    "kwh": "千瓦时",
    "km": "公里",
    "kg": "公斤",
    "mg": "毫克",
    "cm": "厘米",
    "mm": "毫米",
    "ml": "毫升",
    "m²": "平方米",
    "m2": "平方米",
    "m³": "立方米",
    "㎡": "平方米",
    "℃": "摄氏度",
    "°c": "摄氏度",
    "°": "度",
    "gb": "G B",
    "mb": "兆",
    "kw": "千瓦",
}
# One letter only in lower case: 5G is a network, 5g is a weight.
_LETTER_UNITS = {"g": "克", "m": "米", "l": "升", "h": "小时"}
_CODE_WORDS = (
    "单号|编号|工号|尾号|验证码|校验码|密码|分机|账号|卡号|代码|号码|证号|热线|电话|致电|拨打|"
    "客服|短号|房号|邮编|转"
)


def _telephone(match: re.Match[str]) -> str:
    """Groups as they were written, or the usual ones, with a breath between."""
    number, extension = match.group("number"), match.groupdict().get("extension")
    plus = "加八六，" if number.startswith("+86") else ""
    number = number.removeprefix("+86").strip(" -")
    groups = [group for group in re.split(r"[ \-()]+", number) if group]
    if len(groups) == 1:
        groups = _usual_groups(groups[0])
    spoken = plus + "，".join(telephone_digits(group) for group in groups)
    return spoken + (f"，转，{telephone_digits(extension)}" if extension else "")


def _usual_groups(number: str) -> list[str]:
    if re.fullmatch(r"1[3-9]\d{9}", number):
        return [number[:3], number[3:7], number[7:]]
    if re.fullmatch(r"[48]00\d{7}", number):
        return [number[:3], number[3:6], number[6:]]
    if re.fullmatch(r"0(?:10|2\d)\d{8}", number):
        return [number[:3], number[3:7], number[7:]]
    if re.fullmatch(r"0\d{10,11}", number):
        return [number[:4], number[4:8], number[8:]]
    return [number]


def _date(match: re.Match[str]) -> str:
    return f"{digits(match['y'])}年{integer(match['m'])}月{integer(match['d'])}日"


def _time(match: re.Match[str]) -> str:
    hour, minute, second = match["h"], match["min"], match.groupdict().get("sec")
    spoken = ("两" if hour == "2" else integer(hour)) + "点"
    if int(minute) or second:
        spoken += ("零" if int(minute) < 10 and int(minute) else "") + integer(minute) + "分"
    return spoken + (f"{integer(second)}秒" if second else "")


def _range(match: re.Match[str]) -> str:
    return f"{'百分之' if match['pa'] else ''}{decimal(match['a'])}到{match['b']}"


def _amount(match: re.Match[str]) -> str:
    scale = match.groupdict().get("scale") or ""
    return money(match["n"], f"{scale}元")


def _unit(match: re.Match[str]) -> str:
    minus = "零下" if match["minus"] and match["unit"].lower() in ("℃", "°c", "°") else ""
    minus = minus or ("负" if match["minus"] else "")
    return minus + decimal(match["n"]) + (_UNITS | _LETTER_UNITS)[match["unit"].lower()]


def _letters(match: re.Match[str]) -> str:
    """Abbreviations letter by letter; words stay words."""
    word = match.group()
    if len(word) == 1 or (word.isupper() and len(word) <= 6):
        return f" {' '.join(word)} "
    return f" {word} "


def _code(match: re.Match[str]) -> str:
    return _one_by_one(match.group())


def _one_by_one(code: str) -> str:
    """Letters and digits run together."""
    parts = re.findall(r"[A-Za-z]+|\d+", code)
    return " ".join(telephone_digits(part) if part.isdigit() else part.upper() for part in parts)


def _integer_or_digits(match: re.Match[str]) -> str:
    number = match.group()
    looks_like_code = (len(number) > 1 and number.startswith("0")) or len(number) >= 9
    return telephone_digits(number) if looks_like_code else integer(number)


def _rule(pattern: str, spoken: Callable[[re.Match[str]], str] | str, flags: int = 0) -> Rule:
    if isinstance(spoken, str):
        replacement = spoken
        return Rule(re.compile(pattern, flags), lambda match: match.expand(replacement))
    return Rule(re.compile(pattern, flags), spoken)


_UNIT_WORDS = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))

_RULES: tuple[Rule, ...] = (
    # Keys of the telephone.
    _rule(r"#\s*(?:号)?键|#号", "井号键"),
    _rule(r"\*\s*(?:号)?键|\*号", "星号键"),
    _rule(r"(?<=按)\s*#", "井号键"),
    _rule(r"(?<=按)\s*\*", "星号键"),
    _rule(r"(?<=[按拨])\s*(\d)(?!\d)", lambda m: digits(m[1])),
    # Dates and times.
    _rule(r"(?<!\d)(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]", _date),
    _rule(
        r"(?<!\d)(?P<y>(?:19|20)\d\d)([-/.])(?P<m>0?[1-9]|1[0-2])\2(?P<d>0?[1-9]|[12]\d|3[01])(?!\d)",
        _date,
    ),
    _rule(r"(?<!\d)(\d{4})\s*(?=年)(?!年(?:后|内|间|以))", lambda m: digits(m[1])),
    _rule(
        r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*([日号])",
        lambda m: f"{integer(m[1])}月{integer(m[2])}{m[3]}",
    ),
    _rule(r"(?<!\d)(\d{1,2})\s*(?=月(?!均))", lambda m: integer(m[1])),
    _rule(
        r"(?<![\d:])(?P<h>[01]?\d|2[0-4])[:：](?P<min>[0-5]\d)(?:[:：](?P<sec>[0-5]\d))?(?![\d:])",
        _time,
    ),
    _rule(r"(?<!\d)2(?=\s*点(?!\d))", "两"),
    _rule(r"(?<=[点分日号])\s*(?:-+|~+)\s*(?=[\d零一二三四五六七八九十两次上下早晚])", "到"),
    # Telephone numbers.
    _rule(
        r"(?<![\d.])(?P<number>(?:\+86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?!\d)",
        _telephone,
    ),
    _rule(
        r"(?<![\d.])(?P<number>[48]00(?:[ -]?\d{3}[ -]?\d{4}|[ -]?\d{4}[ -]?\d{3}"
        r"|[ -]\d[ -]?\d{3}[ -]?\d{3}))(?!\d)",
        _telephone,
    ),
    _rule(
        r"(?<![\d.])\(?(?P<number>(?:\+86[ -]?)?0?(?:10|2\d|[3-9]\d\d)[)\- ]{1,2}\d{7,8}"
        r"|0(?:10|2\d|[3-9]\d\d)\d{7,8})"
        r"(?:\s*(?:转|分机|-|ext\.?)\s*(?P<extension>\d{1,6}))?(?!\d)",
        _telephone,
    ),
    _rule(
        r"(?<![\d.,¥$])(95\d{3}|96\d{3,4}|100(?:00|01|10|11|50|60|86)|12\d{3}|116114)"
        r"(?![\d.,]|元|个|人|次|公里|米|块)",
        lambda m: telephone_digits(m[1]),
    ),
    _rule(r"(?<!\d)([48]00)\s*(?=(?:来电|电话|热线|号码|开头))", lambda m: telephone_digits(m[1])),
    _rule(
        r"(?<![\d.,¥$])(110|114|119|120|122)(?=(?:报警|急救|火警|电话|热线|平台|台))",
        lambda m: telephone_digits(m[1]),
    ),
    _rule(
        rf"(?P<word>(?:{_CODE_WORDS})(?:[是为:：]|\s|请|码|号)*)(?P<code>[A-Za-z]*\d[\dA-Za-z\-]*)"
        r"(?![\d.,]*(?:元|%|小时|分钟|人|天|次|位|个|万))",
        lambda m: m["word"] + _one_by_one(m["code"]),
    ),
    # Amounts, parts, measures.
    _rule(rf"[¥]\s*(?P<n>{_NUMBER})\s*(?P<scale>万亿|亿|千万|百万|万)?元?", _amount),
    _rule(
        rf"{_NOT_IN_NUMBER}(?P<n>{_NUMBER})\s*(?P<scale>万亿|亿|千万|百万|万)?\s*(?:元|圆|RMB|CNY)",
        _amount,
    ),
    _rule(rf"[$]\s*(?P<n>{_NUMBER})", lambda m: decimal(m["n"]) + "美元"),
    _rule(
        rf"(?P<a>{_NUMBER})(?P<pa>%)?\s*[-~至到]\s*(?P<b>(?:{_NUMBER})\s*(?:%|[^\d\s,.，。-]))",
        _range,
    ),
    _rule(
        rf"-?{_NOT_IN_NUMBER}(?P<n>{_NUMBER})\s*%",
        lambda m: ("负" if m[0][0] == "-" else "") + "百分之" + decimal(m["n"]),
    ),
    _rule(rf"{_NOT_IN_NUMBER}(?P<n>{_NUMBER})\s*‰", lambda m: "千分之" + decimal(m["n"])),
    _rule(
        r"(?<![\d/])([1-9])/([2-9]|10)(?![\d/])",
        lambda m: (
            f"{integer(m[2])}分之{integer(m[1])}"
            if int(m[1]) < int(m[2])
            else f"{integer(m[1])}，{integer(m[2])}"
        ),
    ),
    _rule(
        rf"(?P<minus>-)?{_NOT_IN_NUMBER}(?P<n>{_NUMBER})\s*(?P<unit>(?i:{_UNIT_WORDS})|[gmlh])(?![A-Za-z])",
        _unit,
    ),
    _rule(r"(?<!\d)(\d{3,4})(?=室|房)", lambda m: telephone_digits(m[1])),
    _rule(rf"{_NOT_IN_NUMBER}(?P<n>{_NUMBER})\s*(?=(?:{_MEASURES}))", lambda m: count(m["n"])),
    # Letters with digits, versions, bare numbers.
    _rule(
        r"(?<![A-Za-z\d])(?=[A-Za-z\d]*[A-Za-z])(?=[A-Za-z\d]*\d)[A-Za-z\d]+(?:-[A-Za-z\d]+)*",
        _code,
    ),
    _rule(
        r"(?<![\d.])\d+(?:\.\d+){2,}(?![\d.])",
        lambda m: "点".join(integer(part) for part in m[0].split(".")),
    ),
    _rule(rf"(?<![\d\w])-(?=(?:{_NUMBER}))", "负"),
    _rule(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+\.\d+", lambda m: decimal(m[0])),
    _rule(r"\d+", _integer_or_digits),
    # What symbols are called.
    _rule(r"&", "和"),
    _rule(r"@", "艾特"),
    _rule(r"\+", "加"),
    _rule(r"=", "等于"),
    _rule(r"×", "乘"),
    _rule(r"%", "百分号"),
    _rule(r"[A-Za-z]+(?:'[A-Za-z]+)?", _letters),
)

# ---------------------------------------------------------------- after the rules

_PAUSES = str.maketrans(
    {
        ",": "，",
        ";": "；",
        ":": "：",
        "?": "？",
        "!": "！",
        "/": "，",
        "|": "，",
        "\\": "，",
        "~": "，",
        "…": "。",
        "·": " ",
        "•": "，",
    }
)
_SPOKEN_OR_PAUSE = re.compile(r"[^\u3400-\u9fff\u3007A-Za-z' ，、；：？！。\n]")


def _punctuation(text: str) -> str:
    text = re.sub(r"(?<![A-Za-z])\.+|\.+(?![A-Za-z])", "。", text.translate(_PAUSES))
    text = re.sub(r"[-_()（）\[\]【】“”\"《》<>「」]+", "，", text)
    text = _SPOKEN_OR_PAUSE.sub(" ", text)
    text = re.sub(r"\s*\n\s*", "。", text)
    text = re.sub(r" *([，、；：？！。]) *", r"\1", re.sub(r" +", " ", text))
    text = re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", text)
    text = re.sub(r"[，、：；]+([。！？])", r"\1", text)
    text = re.sub(r"([，、；：？！。])[，、；：？！。]+", r"\1", text)
    return re.sub(r"^[，、；：？！。 ]+|[，、；： ]+$", "", text)
