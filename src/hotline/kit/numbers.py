"""Telephone numbers as carriers send them and as people type them: one form, and where from.

The form for storage and comparison is

* ``13812345678`` for a Chinese mobile,
* ``01062345678`` for a landline (area code with its 0, local number); the local number alone
  where neither the number nor the line it came in on says which area,
* ``4006001234``, ``95588``, ``110`` for hotlines and short numbers,
* ``+12125551234`` for the rest of the world, Hong Kong, Macao and Taiwan included,
* an empty text for a caller who hides the number.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers

from hotline.kit.regions import (
    City,
    carrier_of_mobile,
    city_of_area_code,
    city_of_mobile,
    country_name,
    mobile_data,
    split_area_code,
)

MAX_RAW = 128
"""Characters of a raw number that are looked at."""
MAX_OTHER = 32
"""Characters kept of something that is no number, e.g. a SIP account's name."""


class NumberKind(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    HOTLINE = "hotline"
    """400 and 800 numbers."""
    SHORT = "short"
    """Service and emergency numbers: 95xxx, 10086, 12345, 110."""
    INTERNATIONAL = "international"
    ANONYMOUS = "anonymous"
    OTHER = "other"
    """No number of any known form; ``digits`` holds what was left of it."""


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number in its one form, with what it tells by itself."""

    digits: str
    """For storage and comparison; see the module."""
    kind: NumberKind
    province: str | None = None
    """Bare, as people say it: 北京, 广东, 内蒙古."""
    city: str | None = None
    """Bare: 北京, 深圳, 呼和浩特."""
    carrier: str | None = None
    """移动, 联通, 电信 or 广电; only of mobiles, and as numbered: numbers can be ported."""
    area_code: str | None = None
    """长途区号 with its leading 0; a mobile has its home city's."""
    local: str = ""
    """A landline's number without the area code; a mobile's whole number."""
    country: str | None = None
    """In Chinese, e.g. 美国; 中国 for every mainland number."""

    @property
    def office_code(self) -> str:
        """局号: what comes before a landline's last four digits; a mobile's first seven."""
        return self.local[:-4]

    @property
    def region(self) -> str:
        """Where from, in the words to show and to say: 北京, 广东深圳, 美国; empty if unknown."""
        if self.province is None:
            return self.country if self.country is not None and self.country != CHINA else ""
        return (
            self.province if self.city in (None, self.province) else f"{self.province}{self.city}"
        )


CHINA = "中国"
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_HOTLINE = re.compile(r"[48]00\d{7}")
_SHORT = re.compile(r"1(?:[012]\d{1,4}|06\d{4,17})|9[56]\d{3,7}")
_ACCESS_CODE = re.compile(r"(?:179\d\d|12593|10193|11808|10131)(?=0\d{9,11}$|1[3-9]\d{9}$)")
"""Prefixes with which a caller chose another carrier; they are no part of the number."""
_HIDDEN = re.compile(
    r"(?:anonymous|unavailable|restricted|private|unknown|withheld|nonumber|none|null|s|\+|0+)?"
)
_SEPARATORS = re.compile(r"[^a-z0-9*#+]+")
_DIALLABLE = re.compile(r"\+?[0-9]+")
_SIP_USER = re.compile(r"(?:sips?|tel):(?://)?([^@;>?]*)", re.IGNORECASE)


def parse_number(raw: str, home_area_code: str | None = None) -> PhoneNumber:
    """What ``raw`` means in China; never raises.

    ``home_area_code`` (with its 0) is where a local number without an area code is taken to be
    from: the home of the hotline or of the trunk it came in by.
    """
    return _parse(raw[:MAX_RAW], home_area_code)


def warm_up() -> None:
    """Read the tables now rather than in the first call."""
    mobile_data()
    parse_number("+12125550100")


@lru_cache(maxsize=16_384)
def _parse(raw: str, home_area_code: str | None) -> PhoneNumber:
    digits = _SEPARATORS.sub("", _user_part(unicodedata.normalize("NFKC", raw)).lower())
    if _HIDDEN.fullmatch(digits):
        return PhoneNumber("", NumberKind.ANONYMOUS)
    if not _DIALLABLE.fullmatch(digits):
        return PhoneNumber(digits[:MAX_OTHER], NumberKind.OTHER)
    national = _national_part(digits)
    if national is None:
        return _international(digits)
    known = _national(national, home_area_code)
    return known or PhoneNumber(digits[:MAX_OTHER], NumberKind.OTHER)


def _user_part(text: str) -> str:
    """The user of a SIP address or telephone URI, with or without a display name."""
    found = _SIP_USER.search(text)
    if found is not None:
        return found.group(1).replace("%2B", "+").replace("%2b", "+")
    return text.split("@", 1)[0].removeprefix("<").removesuffix(">")


def _national_part(digits: str) -> str | None:
    """Without the country's code; None for a number of another country."""
    if digits.startswith(("+", "00")):
        abroad = digits.lstrip("+").removeprefix("00")
        return abroad[2:] if abroad.startswith("86") and len(abroad) > 4 else None
    for code in ("86", "086"):
        rest = digits.removeprefix(code)
        # A local number may begin with 86 as well: only what is long enough bears the code.
        if rest != digits and _is_complete(rest):
            return rest
    return digits


def _is_complete(national: str) -> bool:
    """True for a mobile, a hotline, or a landline with its area code, with or without the 0."""
    trimmed = national.removeprefix("0")
    return bool(
        _MOBILE.fullmatch(trimmed) or _HOTLINE.fullmatch(national) or _landline("0" + trimmed)
    )


def _landline(national: str) -> tuple[str, str] | None:
    """Area code and local number of a national number with its 0."""
    split = split_area_code(national)
    return split if split is not None and _LOCAL.fullmatch(split[1]) else None


def _national(digits: str, home_area_code: str | None) -> PhoneNumber | None:
    """A number of the mainland; None where it has no known form."""
    digits = _ACCESS_CODE.sub("", digits)
    trimmed = digits.removeprefix("0")
    if _MOBILE.fullmatch(trimmed):
        return _mobile(trimmed)
    if _HOTLINE.fullmatch(digits):
        return PhoneNumber(digits, NumberKind.HOTLINE, country=CHINA)
    landline = _landline("0" + trimmed)
    if landline is not None and (digits != trimmed or len(digits) > 8):
        return _in_area(*landline)
    if _LOCAL.fullmatch(digits):
        return _without_area(digits, home_area_code)
    return _short(digits)


def _without_area(local: str, home_area_code: str | None) -> PhoneNumber:
    if home_area_code is not None and city_of_area_code(home_area_code) is not None:
        return _in_area(home_area_code, local)
    return PhoneNumber(local, NumberKind.LANDLINE, local=local, country=CHINA)


def _short(digits: str) -> PhoneNumber | None:
    if _SHORT.fullmatch(digits):
        return PhoneNumber(digits, NumberKind.SHORT, country=CHINA)
    split = split_area_code(digits)
    if split is None or not _SHORT.fullmatch(split[1]):
        return None
    return _placed(digits, NumberKind.SHORT, city_of_area_code(split[0]), local=split[1])


def _mobile(digits: str) -> PhoneNumber:
    carrier = carrier_of_mobile(digits)
    city = city_of_mobile(digits)
    return _placed(digits, NumberKind.MOBILE, city, local=digits, carrier=carrier)


def _in_area(area_code: str, local: str) -> PhoneNumber:
    city = city_of_area_code(area_code)
    digits = area_code + local
    return _placed(digits, NumberKind.LANDLINE, city, local=local, area_code=area_code)


def _placed(
    digits: str,
    kind: NumberKind,
    city: City | None,
    *,
    local: str,
    carrier: str | None = None,
    area_code: str | None = None,
) -> PhoneNumber:
    return PhoneNumber(
        digits=digits,
        kind=kind,
        province=city.province if city is not None else None,
        city=city.name if city is not None else None,
        carrier=carrier,
        area_code=area_code or (city.area_code if city is not None else None),
        local=local,
        country=CHINA,
    )


def _international(digits: str) -> PhoneNumber:
    abroad = "+" + digits.lstrip("+").removeprefix("00")
    try:
        number = phonenumbers.parse(abroad, None)
    except phonenumbers.NumberParseException:
        return PhoneNumber(digits[:MAX_OTHER], NumberKind.OTHER)
    form = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    region = phonenumbers.region_code_for_number(number)
    return PhoneNumber(form, NumberKind.INTERNATIONAL, country=country_name(region or ""))
