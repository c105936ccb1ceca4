"""Nothing gets into the dialplan that it could take for its own language."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline.telephony.asterisk.dialplan import (
    ANSWERED,
    DIALLED,
    RECORDED,
    TALKING_SINCE,
    DialplanSettings,
    extensions_conf,
)
from hotline.telephony.asterisk.packing import at_once, dial_string, pack, target_of
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
CHANNEL = "n-1.7"
NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)


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
        pack(unsafe, CHANNEL, shown=CALLER, answered=False, first=True, now=NOW)


def test_only_the_steps_a_forward_needs() -> None:
    conf = extensions_conf(DialplanSettings(sounds=Path("/s"), journal=Path("/j")))
    recorded = RecordSpec(Path("/s/a.wav"), RecordWhat.FROM_PARTY)
    for wanted, extension in (
        (plan(), "x1"),
        (plan(before=[Prompt(Path("/s/a.alaw"))]), "xg1"),
        (plan(music="default"), "xa1"),
        (plan(caller_id=CallerId("4006001234"), record=recorded), "xcr1"),
    ):
        packed = pack(wanted, CHANNEL, shown=CALLER, answered=False, first=True, now=NOW)
        assert packed.extension == extension
        assert f"exten => {extension},1," in conf
    again = pack(plan(), CHANNEL, shown=CALLER, answered=False, first=False, now=NOW)
    assert again.extension == "xn"


def test_when_it_answers_is_known_beforehand() -> None:
    greeted = plan(before=[Prompt(Path("/s/a.alaw"))])
    for wanted, answered, known in (
        (plan(), False, None),
        (greeted, False, "1769846400.000"),
        (greeted, True, None),
    ):
        packed = pack(wanted, CHANNEL, shown=CALLER, answered=answered, first=True, now=NOW)
        assert packed.variables.get(ANSWERED) == known


def test_a_second_forward_knows_nothing_of_the_first() -> None:
    again = pack(plan(), CHANNEL, shown=CALLER, answered=True, first=False, now=NOW)
    stale = {DIALLED, TALKING_SINCE, RECORDED, "DIALSTATUS", "RINGTIME_MS", "PROGRESSTIME_MS"}
    assert {name for name, value in again.variables.items() if not value} == stale


@pytest.mark.parametrize("whisper", [(), [Prompt(Path("/s/w.alaw"))]])
def test_who_answers_tells_whose_call_it_is(whisper: list[Prompt]) -> None:
    packed = pack(plan(whisper=whisper), CHANNEL, shown=CALLER, answered=True, first=True, now=NOW)
    assert packed.variables["HL_O"].endswith(f"^{CHANNEL})")


def test_a_display_name_loses_what_the_dialplan_reads() -> None:
    shown = CallerId("4006001234", '热线 "A", ${X}')
    packed = pack(plan(caller_id=shown), CHANNEL, shown=CALLER, answered=False, first=True, now=NOW)
    assert packed.variables["HL_M"] == "热线 A X"


def test_values_stay_whole_where_they_are_set_at_once() -> None:
    values = {
        "HL_T": "PJSIP/1@c",
        "HL_R": "/s/a.wav,br(/s/b.raw)",
        "HL_M": "",
        "HL_S": "9",
    }
    assert at_once(values) == {
        "ARRAY(HL_T,HL_R,HL_M,HL_S)": r"PJSIP/1@c,/s/a.wav\,br\(/s/b.raw\),,9"
    }
