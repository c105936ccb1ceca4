"""Plans of forwards that the switch reads by itself."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from hotline.telephony.asterisk import plans as plans_module
from hotline.telephony.asterisk.packing import Packed, pack
from hotline.telephony.asterisk.plans import KEPT, USED_WITHIN, Plans
from hotline.telephony.port import CallerId, ConnectPlan, PhoneTarget, RecordSpec

CALLER = CallerId("13812345678")


def packed(number: str = "13900000001", **values: object) -> Packed:
    usual: dict[str, object] = {"ring_timeout": 20.0, "caller_id": CALLER}
    plan = ConnectPlan(target=PhoneTarget(number, "cm-1"), **usual | values)  # type: ignore[arg-type]
    return pack(plan, shown=CALLER, first=True)


@pytest.fixture
def plans(tmp_path: Path) -> Plans:
    plans = Plans(tmp_path)
    plans.prepare()
    return plans


def kept(tmp_path: Path) -> set[str]:
    return {file.name for file in (tmp_path / "plans").iterdir()}


def test_what_is_the_same_is_written_once(plans: Plans, tmp_path: Path) -> None:
    recorded = (RecordSpec(Path(f"/s/{name}.wav")) for name in ("a-1", "b-2"))
    one, other = (plans.extension(packed(record=spec)) for spec in recorded)
    (name,) = kept(tmp_path)
    assert (one, other) == (f"pr1{name}a-1", f"pr1{name}b-2")
    assert plans.extension(packed("13900000002")) not in {one, None}
    assert len(kept(tmp_path)) == 2


def test_what_somebody_has_deleted_is_written_again(plans: Plans, tmp_path: Path) -> None:
    extension = plans.extension(packed())
    (name,) = kept(tmp_path)
    (tmp_path / "plans" / name).unlink()
    assert plans.extension(packed()) == extension
    assert kept(tmp_path) == {name}
    shutil.rmtree(tmp_path / "plans")
    assert plans.extension(packed()) is None


def test_it_says_whom_it_dials(plans: Plans, tmp_path: Path) -> None:
    extension = plans.extension(packed())
    assert extension is not None
    assert Plans(tmp_path).target(extension) == "PJSIP/13900000001@cm-1"
    assert plans.target("x1") is None
    assert plans.target(f"p1{'0' * 16}") is None


@pytest.mark.parametrize(
    "unfit",
    [
        packed(record=RecordSpec(Path("/s/a_b.wav"))),
        packed(record=RecordSpec(Path(f"/s/{'a' * 61}.wav"))),
        packed(record=RecordSpec(Path(f"/{'s' * 3000}/a.wav"))),
    ],
)
def test_what_the_dialplan_could_not_read_is_not_kept(plans: Plans, unfit: Packed) -> None:
    assert plans.extension(unfit) is None


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "plans").write_text("not a folder")
    plans = Plans(tmp_path)
    plans.prepare()
    assert plans.extension(packed()) is None


def test_those_used_longest_ago_go_first(
    plans: Plans, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans_module, "MOST", 4)
    began = time.monotonic()
    first = [plans.extension(packed(f"1390000000{i}")) for i in range(4)]
    monkeypatch.setattr(time, "monotonic", lambda: began + USED_WITHIN + 1)
    assert plans.extension(packed("13900000000")) == first[0]
    plans.extension(packed("13900000009"))
    assert [plans.target(one or "") is not None for one in first] == [True, False, False, True]
    for i in range(20, 40):  # in use, all of them
        plans.extension(packed(f"139000000{i}"))
    assert len(kept(tmp_path)) == 22


def test_what_was_left_long_ago_goes(plans: Plans, tmp_path: Path) -> None:
    old, young = plans.extension(packed()), plans.extension(packed("13900000002"))
    assert old is not None
    assert young is not None
    long_ago = time.time() - KEPT - 1
    os.utime(tmp_path / "plans" / old[2:], (long_ago, long_ago))
    Plans(tmp_path).prepare()
    assert plans.target(old) is None
    assert plans.target(young) is not None
