"""Reading the lines that the dialplan writes, without a switch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hotline.telephony.asterisk.journal import BATCH, Journal, read_line
from hotline.telephony.port import JournalEntry, LegResult, Party, PhoneTarget

PLAIN = "3|n-1.{n}|4006001234|13812345678|PJSIP/cm-1-0000000{n}|1795364753.250|{answered}|1795364756.766|{cause}|{by}|{unserved}"  # noqa: E501


def plain(
    n: int = 1,
    *,
    answered: str = "",
    cause: int = 16,
    by: str = "",
    unserved: str = "",
    tail: str = 7 * "|",
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
    """The talk ends before the call: 3,200 ms after its beginning, 316 before the end."""
    tail = (
        "|PJSIP/13900000000@cm-1|1795364753.255|ANSWER|2|1795364754.262|3200"
        "|PJSIP/cm-1-00000002:SIP 200 OK"
    )
    read = entry(plain(by="PJSIP/cm-1-00000002", tail=tail))
    assert read.ended_by is Party.CALLEE
    attempt = read.attempt
    assert attempt is not None
    assert attempt.target == PhoneTarget("13900000000", "cm-1")
    assert (attempt.result, attempt.sip_code) == (LegResult.ANSWERED, 200)
    assert attempt.leg_id == "PJSIP/cm-1-00000002"
    assert attempt.ringing_at == attempt.dialled_at + timedelta(milliseconds=2)
    assert attempt.answered_at == read.arrived_at + timedelta(milliseconds=1012)
    assert attempt.ended_at == read.arrived_at + timedelta(milliseconds=3200)
    assert read.answered_at == attempt.answered_at


def test_whom_nobody_was_put_through_to_has_not_talked() -> None:
    """The phone was picked up, and the caller gone before it had heard its whisper."""
    tail = "|PJSIP/13900000000@cm-1|1795364753.255|ANSWER|2||3200|PJSIP/cm-1-00000002:SIP 200 OK"
    attempt = entry(plain(tail=tail)).attempt
    assert attempt is not None
    assert attempt.answered_at == attempt.ended_at


@pytest.mark.parametrize(
    ("status", "text", "result", "sip_code"),
    [
        ("BUSY", "SIP 486 Busy Here", LegResult.BUSY, 486),
        ("CONGESTION", "SIP 503 a|b,c", LegResult.UNREACHABLE, 503),
        ("BUSY", "", LegResult.UNREACHABLE, 302),
        ("BUSY", "SIP 180 Ringing", LegResult.UNREACHABLE, 302),
        ("NOANSWER", "", LegResult.NO_ANSWER, None),
        ("CANCEL", "SIP 180 Ringing", LegResult.CANCELLED, None),
        ("", "", LegResult.CANCELLED, None),
    ],
)
def test_an_attempt_that_failed(
    status: str, text: str, result: LegResult, sip_code: int | None
) -> None:
    tail = f"|PJSIP/13800000000@cm-1|1795364753.255|{status}||||PJSIP/cm-1-00000002:{text}"
    attempt = entry(plain(tail=tail)).attempt
    assert attempt is not None
    assert (attempt.result, attempt.sip_code) == (result, sip_code)


@pytest.mark.parametrize("text", ["", "2|x", "3|x|y", plain().replace("1795364756.766", "soon")])
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


async def test_what_a_call_comes_to_before_it_ends_is_no_entry(tmp_path: Path) -> None:
    passing = "d|n-1.1|1795364753.255\nu|n-1.1|1795364754.262|n-1.2|PJSIP/cm-1-00000002|2\n"
    (tmp_path / "20261120.journal").write_text(f"{passing}{plain()}\n")
    with capture_logs() as logs:
        (batch,) = await batches(Journal(tmp_path, "node-1"))
    assert [one.channel_id for one in batch] == ["n-1.1"]
    assert logs == []
