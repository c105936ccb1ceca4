"""What is wrong with a site, judged from what is known of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from hotline.nodes.rules import (
    CONNECTIONS_SHARE,
    DISK_FULL,
    DISK_SHORT,
    JOBS_LATE_AFTER,
    RECORDINGS_LATE_AFTER,
    SILENT_AFTER,
    CarrierFacts,
    JobFacts,
    NodeFacts,
    Severity,
    SiteFacts,
    SiteRole,
    TroubleKind,
    troubles,
)

ALL = NodeFacts(
    node="main",
    roles=tuple(SiteRole),
    version="1.0",
    silent_seconds=1,
    disk_free=DISK_SHORT,
    switch_connected=True,
)
WELL = SiteFacts(
    nodes=(ALL,),
    revision="7",
    wanted_revision="7",
    connections=10,
    most_connections=100,
    jobs=(),
    recordings_waiting=0,
    recordings_oldest_seconds=0,
    carriers=(CarrierFacts(name="unicom", reached=True),),
)
SILENT = replace(ALL, silent_seconds=SILENT_AFTER)
JOB = JobFacts(task="prompts.render", waiting=1, oldest_seconds=JOBS_LATE_AFTER, failed=0)


def found(site: SiteFacts) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.severity.value, one.subject) for one in troubles(site)]


def test_nothing_is_wrong_with_a_site_that_is_well() -> None:
    assert found(WELL) == []
    assert found(replace(WELL, jobs=(JOB,), recordings_waiting=3)) == []
    unknown = CarrierFacts(name="x", reached=None)
    assert found(replace(WELL, carriers=(unknown,))) == []


def cases() -> Iterator[Any]:
    error, warning = Severity.ERROR.value, Severity.WARNING.value
    for role in SiteRole:
        left = replace(ALL, roles=[one for one in SiteRole if one is not role])
        yield {"nodes": (left,)}, [("role_missing", error, role.value)]
    api = replace(ALL, node="b", roles=("api",), switch_connected=None)
    yield {"nodes": (ALL, replace(api, silent_seconds=99))}, [("node_silent", warning, "b")]
    away = replace(ALL, switch_connected=False)
    yield {"nodes": (away, api)}, [("switch_away", error, "main")]
    yield {"nodes": (replace(ALL, disk_free=DISK_SHORT - 1),)}, [("disk_low", warning, "main")]
    yield {"nodes": (replace(ALL, disk_free=DISK_FULL - 1),)}, [("disk_low", error, "main")]
    newer = replace(api, version="1.1")
    yield {"nodes": (ALL, newer)}, [("versions_differ", warning, "1.0, 1.1")]
    yield {"nodes": (ALL, replace(newer, silent_seconds=99))}, [("node_silent", warning, "b")]
    yield {"wanted_revision": "8"}, [("schema_differs", warning, "7")]
    yield {"connections": int(100 * CONNECTIONS_SHARE)}, [("connections_short", warning, "")]
    late = replace(JOB, oldest_seconds=JOBS_LATE_AFTER + 1)
    yield {"jobs": (late,)}, [("jobs_late", warning, "prompts.render")]
    yield {"jobs": (replace(JOB, failed=2),)}, [("jobs_failed", warning, "prompts.render")]
    waiting = {"recordings_waiting": 1, "recordings_oldest_seconds": RECORDINGS_LATE_AFTER + 1}
    yield waiting, [("recordings_late", error, "")]
    yield {"carriers": ()}, [("no_carrier", warning, "")]
    down = CarrierFacts(name="unicom", reached=False)
    yield {"carriers": (down,)}, [("carrier_down", error, "unicom")]


@pytest.mark.parametrize(("changed", "expected"), list(cases()))
def test_each_trouble_is_told_alone(
    changed: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    assert found(replace(WELL, **changed)) == expected


def test_every_kind_is_tried_here() -> None:
    tried = {kind for _, expected in cases() for kind, _, _ in expected}
    assert tried == {kind.value for kind in TroubleKind}


def test_what_is_old_of_a_silent_process_is_not_told_again_and_errors_come_first() -> None:
    site = replace(WELL, nodes=(replace(SILENT, disk_free=0, switch_connected=False),))
    assert found(site) == [
        ("role_missing", "error", "api"),
        ("role_missing", "error", "switch"),
        ("role_missing", "error", "worker"),
        ("node_silent", "warning", "main"),
    ]
    site = replace(WELL, wanted_revision="8", carriers=(CarrierFacts(name="x", reached=False),))
    assert [kind for kind, _, _ in found(site)] == ["carrier_down", "schema_differs"]
