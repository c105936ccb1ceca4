from __future__ import annotations

import lzma

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers.geodata import GEOCODE_DATA

from hotline.kit.numbers import NumberKind, parse_number
from hotline.kit.region_data import DATA_FILE, place_of, table
from hotline.kit.regions import all_regions, city_named, city_of_area_code

MOBILE = NumberKind.MOBILE
LANDLINE = NumberKind.LANDLINE
HOTLINE = NumberKind.HOTLINE
SHORT = NumberKind.SHORT
ABROAD = NumberKind.INTERNATIONAL
HIDDEN = NumberKind.ANONYMOUS
OTHER = NumberKind.OTHER


@pytest.mark.parametrize(
    ("raw", "digits", "kind", "region", "area_code"),
    [
        ("13800138000", "13800138000", MOBILE, "北京", "010"),
        ("013800138000", "13800138000", MOBILE, "北京", "010"),
        ("+8613812345678", "13812345678", MOBILE, "江苏连云港", "0518"),
        ("8613812345678", "13812345678", MOBILE, "江苏连云港", "0518"),
        ("008613812345678", "13812345678", MOBILE, "江苏连云港", "0518"),
        ("+86 138-1234-5678", "13812345678", MOBILE, "江苏连云港", "0518"),
        ("1795113812345678", "13812345678", MOBILE, "江苏连云港", "0518"),
        ("１３８１２３４５６７８", "13812345678", MOBILE, "江苏连云港", "0518"),
        ("19912345678", "19912345678", MOBILE, "", None),
        (
            "sip:+8613812345678@10.0.0.1:5060;user=phone",
            "13812345678",
            MOBILE,
            "江苏连云港",
            "0518",
        ),
        ('"Wang" <sip:013812345678@carrier.example>', "13812345678", MOBILE, "江苏连云港", "0518"),
        ("tel:+86-138-1234-5678", "13812345678", MOBILE, "江苏连云港", "0518"),
        ("01062345678", "01062345678", LANDLINE, "北京", "010"),
        ("1062345678", "01062345678", LANDLINE, "北京", "010"),
        ("(010) 6234 5678", "01062345678", LANDLINE, "北京", "010"),
        ("+861062345678", "01062345678", LANDLINE, "北京", "010"),
        ("86075582345678", "075582345678", LANDLINE, "广东深圳", "0755"),
        ("8675582345678", "075582345678", LANDLINE, "广东深圳", "0755"),
        ("+86(0)755 8234 5678", "075582345678", LANDLINE, "广东深圳", "0755"),
        ("04716512345", "04716512345", LANDLINE, "内蒙古呼和浩特", "0471"),
        ("09916234567", "09916234567", LANDLINE, "新疆乌鲁木齐", "0991"),
        ("86123456", "86123456", LANDLINE, "", None),
        ("4006001234", "4006001234", HOTLINE, "", None),
        ("+864006001234", "4006001234", HOTLINE, "", None),
        ("400-600-1234", "4006001234", HOTLINE, "", None),
        ("8008101234", "8008101234", HOTLINE, "", None),
        ("95588", "95588", SHORT, "", None),
        ("110", "110", SHORT, "", None),
        ("10086", "10086", SHORT, "", None),
        ("01012345", "01012345", SHORT, "北京", "010"),
        ("+12125551234", "+12125551234", ABROAD, "美国", None),
        ("0012125551234", "+12125551234", ABROAD, "美国", None),
        ("+85221234567", "+85221234567", ABROAD, "香港", None),
        ("+886 2 2345 6789", "+886223456789", ABROAD, "台湾", None),
        ("", "", HIDDEN, "", None),
        ("anonymous", "", HIDDEN, "", None),
        ("sip:anonymous@anonymous.invalid", "", HIDDEN, "", None),
        ("Unavailable", "", HIDDEN, "", None),
        ("agent-1001", "agent1001", OTHER, "", None),
        ("*72", "*72", OTHER, "", None),
        ("0999999", "0999999", OTHER, "", None),
    ],
)
def test_forms(raw: str, digits: str, kind: NumberKind, region: str, area_code: str | None) -> None:
    number = parse_number(raw)
    assert (number.digits, number.kind, number.region, number.area_code) == (
        digits, kind, region, area_code,
    )  # fmt: skip


def test_a_local_number_is_from_home_where_home_is_known() -> None:
    assert parse_number("62345678").area_code is None
    number = parse_number("62345678", "010")
    assert (number.digits, number.city, number.office_code) == ("01062345678", "北京", "6234")
    assert parse_number("6512345", "0471").office_code == "651"
    assert parse_number("62345678", "0000").digits == "62345678"


def test_carriers_and_office_codes_of_mobiles() -> None:
    assert parse_number("13812345678").carrier == "移动"
    assert parse_number("18612345678").carrier == "联通"
    assert parse_number("18912345678").carrier == "电信"
    assert parse_number("19212345678").carrier == "广电"
    assert parse_number("01062345678").carrier is None
    assert parse_number("13812345678").office_code == "1381234"


def test_regions_are_complete_and_bare() -> None:
    regions = all_regions()
    assert len(regions) == 31
    assert regions["北京"] == ("北京",)
    assert "深圳" in regions["广东"]
    assert "呼和浩特" in regions["内蒙古"]
    cities = [city for of_province in regions.values() for city in of_province]
    assert len(cities) > 330
    assert not [city for city in cities if city.endswith(("市", "地区", "自治州", "盟"))]
    for province, names in regions.items():
        for name in names:
            city = city_named(province, name)
            assert city is not None
            assert city_of_area_code(city.area_code) is not None


def test_the_generated_table_is_that_of_the_installed_phonenumbers() -> None:
    assert lzma.decompress(DATA_FILE.read_bytes()) == table()


def test_area_codes_agree_with_the_public_data() -> None:
    wrong = []
    for prefix, names in GEOCODE_DATA.items():
        if prefix.startswith("86") and not prefix.startswith("861") and len(prefix) <= 5:
            city = city_of_area_code("0" + prefix[2:])
            if city is not None and place_of(names.get("zh", "")) is not None:
                agree = names["zh"].startswith(city.province) and city.name in names["zh"]
                wrong += [] if agree else [(prefix, names["zh"], city)]
    assert wrong == []


@given(st.text())
def test_any_text_is_parsed_to_a_form_that_stays(raw: str) -> None:
    number = parse_number(raw)
    assert parse_number(number.digits).digits == number.digits


@given(
    st.from_regex(
        r"(\+|00|0|86|086|\+86|0086|sip:|179\d\d)?[0-9 \-]{0,20}(@[a-z.]*)?", fullmatch=True
    ),
    st.sampled_from([None, "010", "0755", "0471", "bogus"]),
)
def test_digits_are_parsed_to_a_form_that_stays(raw: str, home: str | None) -> None:
    number = parse_number(raw, home)
    again = parse_number(number.digits, home)
    assert again == number or number.kind in (OTHER, HIDDEN)
    assert again.digits == number.digits
