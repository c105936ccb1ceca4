"""Reading the lines that the dialplan writes, without a switch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.telephony.asterisk.journal import BATCH, Journal, read_line
from hotline.telephony.port import JournalEntry, LegResult, Party, PhoneTarget

PLAIN = "2|n-1.{n}|4006001234|13812345678|PJSIP/cm-1-0000000{n}|1795364753.250|{answered}|1795364756.766|{cause}|{by}|{unserved}"  # noqa: E501


def plain(
    n: int = 1,
    *,
    answered: str = "",
    cause: int = 16,
    by: str = "",
    unserved: str = "",
    tail: str = 10 * "|",
) -> str:
    return PLAIN.format(n=n, answered=answered, cause=cause, by=by, unserved=unserved) + tail


def entry(text: str) -> JournalEntry:
    read = read_line(text, "node-1")
    assert read is not None
    return read


def test_a_call_without_an_attempt() -> None:
    read = entry(plain(by="PJSIP/cm-1-00000001"))
    assert (read.carrier, read.ended_by, read.served) == ("cm-1", Party.CALLER, True)
    assert read.answered_at is None
    assert read.attempt is None
    assert read.ended_at - read.arrived_at == timedelta(seconds=3.516)


def test_a_call_that_met_no_controller() -> None:
    read = entry(plain(answered="1795364754.000", cause=38, by="dialplan/builtin", unserved="1"))
    assert (read.served, read.ended_by, read.cause) == (False, Party.SYSTEM, 38)
    assert read.answered_at is not None


def test_an_answered_attempt() -> None:
    tail = (
        "|PJSIP/13800000000@cm-1&PJSIP/13900000000@cm-1|1795364753.255|ANSWER|2||2504|||"
        "13900000000@cm-1|PJSIP/cm-1-00000002:SIP 200 OK"
    )
    read = entry(plain(by="PJSIP/cm-1-00000002", tail=tail))
    assert read.ended_by is Party.CALLEE
    attempt = read.attempt
    assert attempt is not None
    assert attempt.target == PhoneTarget("13900000000", "cm-1")
    assert (attempt.result, attempt.sip_code) == (LegResult.ANSWERED, 200)
    assert attempt.leg_id == "PJSIP/cm-1-00000002"
    assert attempt.answered_at == read.ended_at - timedelta(milliseconds=2504)
    assert read.answered_at == attempt.answered_at


@pytest.mark.parametrize("form", ["{},b", ",br({})", ",bt({})"])
def test_a_recorded_talk_lasted_as_long_as_its_recording(tmp_path: Path, form: str) -> None:
    """The talk ends before the call: 3,200 ms after its beginning, 316 before the end."""
    recording = tmp_path / "talk.wav"
    tail = (
        "|PJSIP/13800000000@cm-1|1795364753.255|ANSWER|2||2504|3200"
        f"|{form.format(recording)}|13800000000@cm-1|PJSIP/cm-1-00000002:SIP 200 OK"
    )
    line = plain(answered="1795364753.300", tail=tail)
    unproved = entry(line).attempt
    recording.write_bytes(bytes(44 + 16 * 1500))
    proved = entry(line).attempt
    assert proved is not None
    assert unproved is not None
    assert proved.ended_at == entry(line).arrived_at + timedelta(milliseconds=3200)
    assert proved.answered_at == proved.ended_at - timedelta(milliseconds=1500)
    assert unproved.answered_at == unproved.ended_at == proved.ended_at


@pytest.mark.parametrize(
    ("status", "text", "result", "sip_code"),
    [
        ("BUSY", "SIP 486 Busy Here", LegResult.BUSY, 486),
        ("CONGESTION", "SIP 503 a|b,c", LegResult.UNREACHABLE, 503),
        ("NOANSWER", "", LegResult.NO_ANSWER, None),
        ("CANCEL", "SIP 180 Ringing", LegResult.CANCELLED, None),
        ("", "", LegResult.CANCELLED, None),
    ],
)
def test_an_attempt_that_failed(
    status: str, text: str, result: LegResult, sip_code: int | None
) -> None:
    tail = f"|PJSIP/13800000000@cm-1|1795364753.255|{status}|||||||PJSIP/cm-1-00000002:{text}"
    attempt = entry(plain(tail=tail)).attempt
    assert attempt is not None
    assert (attempt.result, attempt.sip_code) == (result, sip_code)


@pytest.mark.parametrize("text", ["", "1|x", "2|x|y", plain().replace("1795364756.766", "soon")])
def test_an_unreadable_line_is_left_out(text: str) -> None:
    assert read_line(text, "node-1") is None


async def batches(journal: Journal) -> list[Sequence[JournalEntry]]:
    return [batch async for batch in journal.batches()]


async def test_batches_until_acknowledged(tmp_path: Path) -> None:
    lines = "".join(f"{plain()}\n" for _ in range(BATCH + 5))
    (tmp_path / "20261120.journal").write_text(lines)
    (tmp_path / "20261121.journal").write_text(f"{plain(2)}\n{plain(3)[:20]}")
    async for first in Journal(tmp_path, "node-1").batches():
        assert len(first) == BATCH
        break
    again = await batches(Journal(tmp_path, "node-1"))
    assert [len(batch) for batch in again] == [BATCH, 5, 1]
    assert await batches(Journal(tmp_path, "node-1")) == []
    assert not (tmp_path / "20261120.journal").exists()
    with (tmp_path / "20261121.journal").open("a") as file:
        file.write(f"{plain(3)[20:]}\n")
    (rest,) = await batches(Journal(tmp_path, "node-1"))
    assert [one.channel_id for one in rest] == ["n-1.3"]
