"""Places and public holidays, for everybody who is signed in."""

from __future__ import annotations

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld


async def test_places_with_their_area_codes(api: ApiWorld) -> None:
    client = await api.log_in(Role.AGENT, await api.enterprise())
    provinces = (await client.get("/api/v1/regions")).json()
    assert provinces[0] == {"name": "北京", "cities": [{"name": "北京", "area_code": "010"}]}
    assert {"name": "深圳", "area_code": "0755"} in next(
        province["cities"] for province in provinces if province["name"] == "广东"
    )


async def test_the_holidays_of_a_year(api: ApiWorld) -> None:
    client = await api.log_in(Role.AGENT, await api.enterprise())
    client.headers["Accept-Language"] = "zh"
    year = (await client.get("/api/v1/holidays", params={"year": 2026})).json()
    assert year["known"]
    assert {"day": "2026-02-17", "kind": "holiday", "name": "春节"} in year["days"]
    assert {"day": "2026-02-28", "kind": "make_up_workday", "name": "春节"} in year["days"]
    unknown = (await client.get("/api/v1/holidays", params={"year": 2199})).json()
    assert unknown == {"known": False, "days": []}
