"""Screened numbers, whole lists of them, and blocked areas."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from hotline.staff.permissions import Role
from tests.api_world import ApiWorld
from tests.slices.helpers import API, WHATEVER, assign_hotline, audited, body_of, error_of, seen

ENTRIES = f"{API}/screening-entries"
AREAS = f"{API}/blocked-areas"


async def test_an_entry_from_beginning_to_end(api: ApiWorld) -> None:
    ours = await api.enterprise()
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    hotline = await assign_hotline(await api.operator(), ours)
    made = body_of(
        await admin.post(
            ENTRIES, json={"pattern": "+86 138-1234-5678", "hotline_id": hotline["id"]}
        ),
        201,
    )
    assert (made["pattern"], made["match"], made["action"]) == ("13812345678", "number", "reject")
    again = await admin.post(ENTRIES, json={"pattern": "13812345678", "hotline_id": hotline["id"]})
    assert error_of(again, 409) == "already-there"
    body_of(await admin.post(ENTRIES, json={"pattern": "13812345678"}), 201)
    address = f"{ENTRIES}/{made['id']}"
    until = {"until": "2027-01-01T00:00:00+08:00", "action": "voicemail_notice"}
    changed = body_of(await admin.patch(address, json=until, headers=seen(made)))
    assert changed["until"] == "2026-12-31T16:00:00Z"
    lost = await admin.patch(address, json={"note": "x"}, headers=seen(made))
    assert error_of(lost, 412) == "stale"
    found = body_of(await admin.get(ENTRIES, params={"hotline_id": hotline["id"]}))["items"]
    assert [item["id"] for item in found] == [made["id"]]
    assert len(body_of(await admin.get(ENTRIES, params={"number": "5678"}))["items"]) == 2
    assert (await admin.delete(address)).status_code == 204
    assert (await admin.get(address)).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"pattern": ""},
        {"pattern": "不是号码"},
        {"pattern": "anonymous"},
        {"pattern": "138%", "match": "prefix"},
        {"pattern": "1" * 21, "match": "prefix"},
        {"pattern": "13812345678", "match": "regex"},
        {"pattern": "13812345678", "action": "explode"},
        {"pattern": "13812345678", "until": "2027-01-01T00:00:00"},
        {"pattern": "13812345678", "note": "长" * 201},
        {"pattern": "13812345678", "hotline_id": str(uuid4())},
    ],
)
async def test_malformed_entries(api: ApiWorld, body: dict[str, Any]) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    assert error_of(await admin.post(ENTRIES, json=body), 422) == "invalid"


async def test_every_line_of_a_list_is_accounted_for(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    admin.headers["Accept-Language"] = "zh-CN"
    body_of(await admin.post(ENTRIES, json={"pattern": "13900000001"}), 201)
    text = (
        "号码,截止日期,备注\r\n"
        "138-1234-5678,2026-12-31,骚扰电话\r\n"
        "\r\n"
        '010 6234 5678,,"推销,反复"\r\n'
        "13900000001\r\n"
        "13812345678\r\n"
        "不是号码\r\n"
        "13712345678，2026-02-30\r\n"
        "'02112345,2026/1/2\r\n"
        "+1 212 555 0100\t\t国外\r\n"
    )
    answer = await admin.post(f"{ENTRIES}/import", content=text.encode("gb18030"))
    result = body_of(answer)
    assert (result["added"], result["known"]) == (4, 2)
    assert [(bad["line"], bad["text"]) for bad in result["errors"]] == [
        (7, "不是号码"),
        (8, "13712345678，2026-02-30"),
    ]
    assert "不是日期" in result["errors"][1]["message"]
    kept = {item["pattern"]: item for item in body_of(await admin.get(ENTRIES))["items"]}
    assert kept["13812345678"]["until"] == "2026-12-31T16:00:00Z"
    assert kept["01062345678"]["note"] == "推销,反复"
    assert kept["+12125550100"]["note"] == "国外"
    assert await audited(admin) == ["screening_entry.import", "screening_entry.create"]


async def test_one_bad_line_can_leave_all_out(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    text = "13812345678\n坏\n13912345678\n"
    result = body_of(
        await admin.post(
            f"{ENTRIES}/import", params={"all_or_nothing": "true"}, content=text.encode()
        )
    )
    assert (result["added"], len(result["errors"])) == (0, 1)
    assert body_of(await admin.get(ENTRIES))["items"] == []


async def test_large_lists(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    lines = [f"138{number:08}" for number in range(10_000)]
    result = body_of(await admin.post(f"{ENTRIES}/import", content="\n".join(lines).encode()))
    assert result == {"added": 10_000, "known": 0, "errors": []}
    more = await admin.post(f"{ENTRIES}/import", content="\n".join([*lines, "1"]).encode())
    assert more.status_code == 413
    huge = await admin.post(f"{ENTRIES}/import", content=b"1" * 1_100_000)
    assert huge.status_code == 413
    binary = await admin.post(f"{ENTRIES}/import", content=b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    assert binary.status_code == 422


async def test_areas(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    made = body_of(await admin.post(AREAS, json={"area_code": "0755", "office_code": "8266"}), 201)
    again = await admin.post(AREAS, json={"area_code": "0755", "office_code": "8266"})
    assert error_of(again, 409) == "already-there"
    whole = body_of(
        await admin.patch(f"{AREAS}/{made['id']}", json={"office_code": None}, headers=seen(made))
    )
    assert (whole["area_code"], whole["office_code"]) == ("0755", None)
    for wrong in (
        {"area_code": "755"},
        {"area_code": "0001"},
        {"area_code": "0755", "office_code": "12a"},
        {"area_code": "0755", "office_code": "123456"},
        {"area_code": "0755", "hotline_id": str(uuid4())},
        {},
    ):
        assert (await admin.post(AREAS, json=wrong)).status_code == 422
    assert len(body_of(await admin.get(AREAS))["items"]) == 1
    assert (await admin.delete(f"{AREAS}/{made['id']}")).status_code == 204


async def test_who_may(api: ApiWorld, client: httpx.AsyncClient) -> None:
    ours = await api.enterprise("甲")
    admin = await api.log_in(Role.ADMINISTRATOR, ours)
    entry = body_of(await admin.post(ENTRIES, json={"pattern": "13812345678"}), 201)
    area = body_of(await admin.post(AREAS, json={"area_code": "010"}), 201)
    stranger = await api.log_in(Role.ADMINISTRATOR, await api.enterprise("乙"))
    agent = await api.log_in(Role.AGENT, ours)
    for address in (f"{ENTRIES}/{entry['id']}", f"{AREAS}/{area['id']}"):
        assert (await stranger.get(address)).status_code == 404
        changed = await stranger.patch(address, json={"note": "x"}, headers=WHATEVER)
        assert changed.status_code == 404
        assert (await stranger.delete(address)).status_code == 404
        assert (await agent.get(address)).status_code == 403
        assert (await client.get(address)).status_code == 401
    assert (await client.post(f"{ENTRIES}/import", content=b"1")).status_code == 401
    assert (await agent.post(f"{ENTRIES}/import", content=b"13812345678")).status_code == 403
    their_hotline = await assign_hotline(await api.operator(), ours)
    foreign = await stranger.post(
        ENTRIES, json={"pattern": "13812345678", "hotline_id": their_hotline["id"]}
    )
    assert list(body_of(foreign, 422)["fields"]) == ["hotline_id"]
    listed = await stranger.post(
        f"{ENTRIES}/import", params={"hotline_id": their_hotline["id"]}, content=b"13812345678"
    )
    assert list(body_of(listed, 422)["fields"]) == ["hotline_id"]


async def test_a_list_of_areas_is_blocked_and_bad_lines_are_told(api: ApiWorld) -> None:
    admin = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    text = "区号,局号,备注\n0755,8266,诈骗\n870\n0755,8266\n0000\n010,八\n"
    headers = {"Content-Type": "text/csv", "Accept-Language": "zh"}
    result = body_of(
        await admin.post(f"{AREAS}/import", content=text.encode("gb18030"), headers=headers)
    )
    # A spreadsheet has taken the 0 from the second.
    assert (result["added"], result["known"]) == (2, 1)
    assert [one["line"] for one in result["errors"]] == [5, 6]
    assert "局号" in result["errors"][1]["message"]
    kept = body_of(await admin.get(AREAS))["items"]
    assert {(one["area_code"], one["office_code"], one["note"]) for one in kept} == {
        ("0755", "8266", "诈骗"),
        ("0870", None, ""),
    }
    agent = await api.log_in(Role.AGENT, await api.enterprise())
    assert error_of(await agent.post(f"{AREAS}/import", content=b"0755"), 403) == "forbidden"
