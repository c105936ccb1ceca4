"""Nothing gets into the dialplan that it could take for its own language."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.telephony.asterisk.dialplan import DialplanSettings, extensions_conf
from hotline.telephony.asterisk.packing import Packed, dial_string, pack, target_of
from hotline.telephony.asterisk.safe_values import UnsafeValueError
from hotline.telephony.port import (
    AccountTarget,
    CallerId,
    ConnectPlan,
    PhoneTarget,
    Prompt,
    RecordSpec,
    RecordWhat,
    Target,
)

CALLER = CallerId("13812345678")
TARGET = PhoneTarget("13900000001", "cm-1")


def plan(**values: object) -> ConnectPlan:
    usual: dict[str, object] = {"target": TARGET, "ring_timeout": 20.0, "caller_id": CALLER}
    return ConnectPlan(**usual | values)  # type: ignore[arg-type]


@pytest.mark.parametrize("target", [TARGET, AccountTarget("acct-7.desk")])
def test_dial_strings_there_and_back(target: Target) -> None:
    assert target_of(dial_string(target)) == target


@pytest.mark.parametrize(
    "unsafe",
    [
        plan(target=PhoneTarget("139&Local/x@y", "cm-1")),
        plan(target=PhoneTarget("139", "cm-1,30,U(evil)")),
        plan(target=PhoneTarget("${SHELL(id)}", "cm-1")),
        plan(target=AccountTarget("../x")),
        plan(caller_id=CallerId("1)&System(id")),
        plan(before=[Prompt(Path("/s/a,b.alaw"))]),
        plan(before=[Prompt(Path("/s/../../etc/passwd"))]),
        plan(whisper=[Prompt(Path("/s/a^b.alaw"))]),
        plan(record=RecordSpec(Path("/s/a.wav,b,touch /tmp/x"))),
        plan(music="default)U(evil"),
    ],
)
def test_unsafe_values_are_refused(unsafe: ConnectPlan) -> None:
    with pytest.raises(UnsafeValueError):
        pack(unsafe, shown=CALLER, first=True)


def test_only_the_steps_a_forward_needs() -> None:
    conf = extensions_conf(DialplanSettings(sounds=Path("/s"), journal=Path("/j")))
    recorded = RecordSpec(Path("/s/a.wav"), RecordWhat.FROM_PARTY)
    for wanted, kind in (
        (plan(), "1"),
        (plan(before=[Prompt(Path("/s/a.alaw"))]), "g1"),
        (plan(music="default"), "a1"),
        (plan(caller_id=CallerId("4006001234"), record=recorded), "cr1"),
    ):
        packed = pack(wanted, shown=CALLER, first=True)
        assert packed.kind == kind
        assert f"exten => {packed.extension},1," in conf
        assert f"exten => _p{kind}!,1," in conf
    assert pack(plan(), shown=CALLER, first=False).kind == "2"


@pytest.mark.parametrize("what", RecordWhat)
def test_the_name_of_the_recording_is_apart(what: RecordWhat) -> None:
    """So that calls that differ in nothing else have the same plan."""
    first, second = (
        pack(plan(record=RecordSpec(Path(f"/s/{name}.wav"), what)), shown=CALLER, first=True)
        for name in ("a-1", "b-2")
    )
    assert first.variables == second.variables
    assert (first.recorded, second.recorded) == ("a-1", "b-2")


def test_a_display_name_loses_what_the_dialplan_reads() -> None:
    shown = CallerId("4006001234", '热线 "A", ${X}')
    packed = pack(plan(caller_id=shown), shown=CALLER, first=True)
    assert packed.variables["HL_M"] == "热线 A X"


def test_values_stay_whole_where_they_are_set_at_once() -> None:
    values = {"HL_T": "PJSIP/1@c", "HL_RF": ",br(/s/", "HL_M": "", "HL_RE": ".raw)"}
    assert Packed("r1", values, "a").to_set() == {
        "ARRAY(HL_T,HL_RF,HL_M,HL_RE,HL_RN)": r"PJSIP/1@c,\,br\(/s/,,.raw\),a"
    }
