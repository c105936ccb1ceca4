"""Callers leave messages and say how it was, on the fake switch and the real database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
import pytest

from hotline.kit.ids import new_id
from hotline.telephony.fake import FakeCall
from tests.calls.company import CALLER, Company, Node

FIRST = "13900000001"


@pytest.fixture
def node_of(node: Node, company: Company) -> Node:
    node.company = company
    return node


def heard(call: FakeCall) -> list[str]:
    return [one.media.stem for one in call.heard]


async def box(company: Company, **columns: object) -> UUID:
    """A box of the hotline that takes screened callers' messages."""
    key = new_id()
    values: dict[str, object] = {
        "hotline_id": company.hotline_id,
        "takes_blacklisted": True,
        "silence_seconds": 5,
        "review": True,
        **columns,
    }
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    await company.sql(
        f"insert into voicemail_boxes (id, enterprise_id, name, {names})"
        f" values (:i, :e, '留言', {places})",
        i=key,
        e=company.id,
        **values,
    )
    await company.block(CALLER, action="voicemail_notice")
    return key


async def messages(company: Company) -> list[dict[str, Any]]:
    return await company.sql(
        "select m.*, r.kind, r.spool_name from voicemail_messages m join recordings r using (id)"
    )


async def until_heard(node: Node, call: FakeCall, stem: str, times: int = 1) -> None:
    for _ in range(600):
        if heard(call).count(stem) >= times:
            return
        await node.parts.clock.sleep(0.1)
    raise AssertionError(f"{stem} was not heard: {heard(call)}")


async def recording_begins(node: Node, call: FakeCall, times: int = 1) -> None:
    await until_heard(node, call, "beep", times)
    await node.parts.clock.sleep(1)


async def test_a_message_is_kept_by_its_key(node_of: Node, company: Company) -> None:
    key = await box(company)
    call = await node_of.call()
    await recording_begins(node_of, call)
    await node_of.parts.clock.sleep(2)
    await call.press("#")
    await until_heard(node_of, call, "voicemail_review")
    await call.press("#")
    record = await node_of.record(call)
    assert heard(call)[0] == "voicemail_greeting"
    assert heard(call)[-1] == "voicemail_kept"
    [message] = await messages(company)
    assert (message["box_id"], message["call_id"], message["kind"]) == (
        key,
        record["id"],
        "message",
    )
    assert (message["status"], message["ended_by"]) == ("new", "key")
    assert message["seconds"] == pytest.approx(3, abs=0.6)
    assert (node_of.parts.spool / message["spool_name"]).exists()
    assert (record["outcome"], record["reason"]) == ("refused", "blacklist_voicemail_notice")


async def test_who_hangs_up_in_the_middle_is_heard_all_the_same(
    node_of: Node, company: Company
) -> None:
    await box(company)
    call = await node_of.call()
    await recording_begins(node_of, call)
    await node_of.parts.clock.sleep(2)
    await call.hangup()
    record = await node_of.record(call)
    [message] = await messages(company)
    assert (message["ended_by"], record["ended_by"]) == ("hangup", "caller")


async def test_what_is_too_short_is_dropped(node_of: Node, company: Company) -> None:
    await box(company)
    call = await node_of.call()
    await until_heard(node_of, call, "beep")
    await node_of.parts.clock.sleep(0.8)
    await call.press("#")
    await node_of.record(call)
    assert await messages(company) == []
    assert list(node_of.parts.spool.glob("*message*")) == []


async def test_silence_alone_is_no_message(node_of: Node, company: Company) -> None:
    await box(company, silence_seconds=3)
    call = await node_of.call()
    await node_of.record(call)
    assert await messages(company) == []


async def test_listen_then_record_again(node_of: Node, company: Company) -> None:
    await box(company)
    call = await node_of.call()
    await recording_begins(node_of, call)
    await node_of.parts.clock.sleep(1)
    await call.press("#")
    await until_heard(node_of, call, "voicemail_review")
    await call.press("1")
    await until_heard(node_of, call, "voicemail_review", 2)
    await call.press("*")
    await recording_begins(node_of, call, 2)
    await node_of.parts.clock.sleep(3)
    await call.press("#")
    await until_heard(node_of, call, "voicemail_review", 3)
    await call.hangup()
    await node_of.record(call)
    [message] = await messages(company)
    assert message["spool_name"].endswith("-message-2.wav")
    assert message["seconds"] == pytest.approx(4, abs=0.6)
    assert [path.name for path in node_of.parts.spool.glob("*message*")] == [message["spool_name"]]


async def test_without_a_box_there_is_the_notice(node_of: Node, company: Company) -> None:
    await company.block(CALLER, action="voicemail_notice")
    call = await node_of.call()
    await node_of.record(call)
    assert heard(call) == ["voicemail_notice"]


# ---------------------------------------------------------------- surveys


async def survey(company: Company, questions: int = 1) -> UUID:
    """Asked after every talk of the hotline; 1 is good and 2 is bad."""
    key = new_id()
    await company.sql(
        "insert into surveys (id, enterprise_id, name) values (:i, :e, '满意度')",
        i=key,
        e=company.id,
    )
    keys = {"1": {"label": "满意", "score": 5}, "2": {"label": "不满意", "score": 1}}
    for position in range(questions):
        await company.sql(
            "insert into survey_questions (id, enterprise_id, survey_id, position, text,"
            " prompt_id, keys) values (:i, :e, :s, :n, :t, :p, cast(:k as jsonb))",
            i=new_id(),
            e=company.id,
            s=key,
            n=position,
            t=f"问题{position}",
            p=await company.prompt(f"question{position}"),
            k=orjson.dumps(keys).decode(),
        )
    await company.set(survey_id=key)
    return key


async def test_asked_when_the_other_has_hung_up(node_of: Node, company: Company) -> None:
    key = await survey(company, questions=2)
    await company.destination(FIRST)
    node_of.world.phone(FIRST).answers(after=1, hangs_up_after=5)
    call = await node_of.call()
    await until_heard(node_of, call, "question0")
    await call.press("9")
    await until_heard(node_of, call, "survey_invalid")
    await call.press("1")
    await until_heard(node_of, call, "question1")
    await call.press("2")
    record = await node_of.record(call)
    assert heard(call)[-1] == "survey_thanks"
    assert record["outcome"] == "answered"
    assert record["talk_ms"] == pytest.approx(5000, abs=100)
    [run] = await company.sql("select * from survey_runs")
    assert (run["survey_id"], run["call_id"], run["leg"]) == (key, record["id"], 1)
    answers = await company.sql(
        "select question, key, label, score from survey_answers order by at"
    )
    assert [tuple(answer.values()) for answer in answers] == [
        ("问题0", "1", "满意", 5.0),
        ("问题1", "2", "不满意", 1.0),
    ]


async def test_one_who_leaves_keeps_what_was_answered(node_of: Node, company: Company) -> None:
    await survey(company, questions=2)
    await company.destination(FIRST)
    node_of.world.phone(FIRST).answers(after=1, hangs_up_after=2)
    call = await node_of.call()
    await until_heard(node_of, call, "question0")
    await call.press("2")
    await until_heard(node_of, call, "question1")
    await call.hangup()
    record = await node_of.record(call)
    assert (record["outcome"], len(await company.sql("select 1 from survey_answers"))) == (
        "answered",
        1,
    )


async def test_nobody_is_asked_who_hung_up_first(node_of: Node, company: Company) -> None:
    await survey(company)
    await company.destination(FIRST)
    node_of.world.phone(FIRST).answers(after=1)
    call = await node_of.call()
    await call.answered()
    await node_of.parts.clock.sleep(5)
    await call.hangup()
    await node_of.record(call)
    assert await company.sql("select 1 from survey_runs") == []


async def test_two_tries_without_an_answer(node_of: Node, company: Company) -> None:
    await survey(company)
    await company.destination(FIRST)
    node_of.world.phone(FIRST).answers(after=1, hangs_up_after=2)
    call = await node_of.call()
    await node_of.record(call)
    assert heard(call).count("question0") == 2
    assert await company.sql("select 1 from survey_answers") == []
