"""Generates the table of mobile numbers' home cities: ``python -m hotline.kit.region_data``.

Run it again after an update of the phonenumbers package; its data is under the Apache licence.
Nothing else imports this module: the world's tables take 200 MB.
"""

from __future__ import annotations

import json
import lzma
import re
import sys
from array import array
from functools import cache
from pathlib import Path

from phonenumbers.carrierdata import CARRIER_DATA
from phonenumbers.geodata import GEOCODE_DATA
from phonenumbers.geodata.locale import LOCALE_DATA

from hotline.kit.regions import FIRST_SEGMENT, all_regions

DATA_FILE = Path(__file__).parent / "data" / "mobile_regions.xz"
_SEGMENTS = 700_000
_MERGED = {
    ("湖北", "襄樊"): "襄阳",
    ("山东", "莱芜"): "济南",
    ("安徽", "巢湖"): "合肥",
    ("湖南", "株州"): "株洲",
}
"""Cities renamed or merged since → today's name."""


@cache
def place_of(description: str) -> tuple[str, str] | None:
    """A geocoder's description, e.g. 广东省深圳市, as bare names; None where it says no city."""
    regions = all_regions()
    for province, cities in regions.items():
        if not description.startswith(province):
            continue
        if cities == (province,):
            return province, province
        rest = re.sub(
            r"^(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)", "", description[len(province) :]
        )
        for (of_province, old), new in _MERGED.items():
            if of_province == province and rest.startswith(old):
                return province, new
        for city in sorted(cities, key=len, reverse=True):
            if rest.startswith(city):
                return province, city
    return None


def table() -> bytes:
    """The table before packing: a line of JSON, then one unsigned 16-bit index per segment."""
    cities: dict[tuple[str, str], int] = {}
    segments = array("H", bytes(2 * _SEGMENTS))
    prefixes = (prefix for prefix in GEOCODE_DATA if re.match("861[3-9]", prefix))
    for prefix in sorted(prefixes, key=lambda prefix: (len(prefix), prefix)):
        place = place_of(GEOCODE_DATA[prefix].get("zh", ""))
        if place is not None and len(prefix) <= 9:
            index = cities.setdefault(place, len(cities) + 1)
            width = 10 ** (9 - len(prefix))
            first = int(prefix[2:]) * width - FIRST_SEGMENT
            segments[first : first + width] = array("H", [index]) * width
    carriers = {
        prefix[2:]: names["zh"].removeprefix("中国")
        for prefix, names in CARRIER_DATA.items()
        if prefix.startswith("861") and "zh" in names
    }
    carriers |= {"162": "电信", "165": "移动"}
    countries = {
        code: names["zh"]
        for code, names in LOCALE_DATA.items()
        if names.get("zh") and len(code) == 2
    }
    countries |= {"HK": "香港", "MO": "澳门", "TW": "台湾"}
    facts = {
        "cities": list(cities),
        "carriers": dict(sorted(carriers.items())),
        "countries": dict(sorted(countries.items())),
    }
    if sys.byteorder == "big":
        segments.byteswap()
    head = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    return head + b"\n" + segments.tobytes()


if __name__ == "__main__":
    DATA_FILE.parent.mkdir(exist_ok=True)
    DATA_FILE.write_bytes(lzma.compress(table(), preset=9))
