"""Calls told from ringing to record, on the fake switch and the real database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.calls.sounds import SystemSound
from hotline.kit.ids import new_id
from hotline.kit.virtual_clock import VirtualClock
from hotline.telephony.fake import FakeCall
from tests.calls.company import CALLER, Company, Node

FIRST, SECOND = "13900000001", "01062345678"


@pytest.fixture
def node_of(node: Node, company: Company) -> Node:
    node.company = company
    return node


def heard(call: FakeCall) -> list[str]:
    return [one.media.stem for one in call.heard]


async def test_the_first_destination_answers(node_of: Node, company: Company) -> None:
    await company.destination(FIRST)
    await company.set(greeting_prompt_id=await company.prompt("greeting"))
    node_of.world.phone(FIRST).answers(after=3, hangs_up_after=10.5)
    call = await node_of.call()
    record = await node_of.record(call)
    assert heard(call)[0] == "greeting"
    assert (record["outcome"], record["ended_by"]) == ("answered", "callee")
    assert (record["caller"], record["province"]) == (CALLER, "江苏")
    assert record["talk_ms"] == 10_500
    assert record["billable_seconds"] == 11
    assert record["ringing_ms"] == pytest.approx(3000, abs=50)
    assert record["waiting_ms"] == pytest.approx(5000, abs=50)
    [leg] = record["legs"]
    assert (leg["target"], leg["result"], leg["destination_id"]) == (
        FIRST,
        "answered",
        company.destinations[FIRST],
    )
    assert await company.events(record["id"]) == [
        "arrived",
        "greeting_started",
        "dialling",
        "ringing",
        "connected",
        "leg_ended",
        "ended",
    ]
    assert await company.sql("select * from destination_claims") == []
    [usage] = await company.sql("select calls, talk_seconds from destination_usage")
    assert usage == {"calls": 1, "talk_seconds": 11}


async def test_busy_then_next(node_of: Node, company: Company) -> None:
    await company.destination(FIRST)
    await company.destination(SECOND)
    node_of.world.phone(FIRST).busy()
    node_of.world.phone(SECOND).answers(after=1)
    call = await node_of.call()
    await node_of.world.phone(SECOND).rings()
    await call.answered()
    await node_of.parts.clock.sleep(4)
    await call.hangup()
    record = await node_of.record(call)
    assert [leg["result"] for leg in record["legs"]] == ["busy", "answered"]
    assert record["legs"][0]["sip_code"] == 486
    assert (record["outcome"], record["ended_by"]) == ("answered", "caller")


async def test_nobody_answers(node_of: Node, company: Company) -> None:
    await company.destination(FIRST)
    await company.destination(SECOND, ring_timeout=10)
    node_of.world.phone(FIRST).never_answers()
    node_of.world.phone(SECOND).never_answers()
    call = await node_of.call()
    record = await node_of.record(call)
    assert (record["outcome"], record["reason"], record["ended_by"]) == (
        "unanswered",
        "no_answer",
        "system",
    )
    assert [leg["result"] for leg in record["legs"]] == ["no_answer", "no_answer"]
    assert record["ringing_ms"] == pytest.approx(30_000, abs=100)
    assert heard(call)[-1] == SystemSound.ALL_FAILED


async def test_only_approved_destinations_are_called(node_of: Node, company: Company) -> None:
    await company.destination(FIRST, status="pending")
    record = await node_of.record(await node_of.call())
    assert (record["outcome"], record["reason"]) == ("failed", "no_destination")
    assert node_of.world.phone(FIRST).calls == []


@pytest.mark.parametrize(
    ("setting", "rule", "sound"),
    [
        ("update hotlines set status = 'suspended'", "not_in_service", "number_not_in_service"),
        ("update enterprises set status = 'suspended'", "enterprise_suspended", "enterprise_"),
        ("update enterprises set balance = -1, credit_limit = 1", "no_funds", "enterprise_"),
        ("update hotlines set number = '4009998888'", "number_unknown", "number_not_in_service"),
    ],
)
async def test_refusals(
    node_of: Node, company: Company, setting: str, rule: str, sound: str
) -> None:
    await company.sql(setting)
    call = await node_of.call()
    record = await node_of.record(call)
    assert (record["outcome"], record["reason"]) == ("refused", rule)
    assert record["ended_by"] == "system"
    assert record["answered_at"] is None
    assert heard(call)[-1].startswith(sound)


async def test_blacklist_until_a_date_obeyed_by_the_next_call(
    node_of: Node, company: Company, clock: VirtualClock
) -> None:
    await company.destination(FIRST)
    node_of.world.phone(FIRST).answers(hangs_up_after=1)
    assert (await node_of.record(await node_of.call()))["outcome"] == "answered"
    await company.block("138", "prefix", "voicemail_notice", until=clock.now() + timedelta(hours=1))
    record = await node_of.record(await node_of.call())
    assert (record["outcome"], record["reason"]) == ("refused", "blacklist_voicemail_notice")
    await clock.sleep(3600)
    assert (await node_of.record(await node_of.call()))["outcome"] == "answered"


async def test_blocked_area_and_closed(node_of: Node, company: Company) -> None:
    await company.sql(
        "insert into blocked_areas (id, enterprise_id, area_code, office_code)"
        " values (gen_random_uuid(), :e, '010', '623')",
        e=company.id,
    )
    await company.schedule({"7": [["09:00", "18:00"]]})
    await company.set(closed_prompt_id=await company.prompt("we-sleep"))
    blocked = await node_of.record(await node_of.call(caller="010-62345678"))
    assert (blocked["outcome"], blocked["reason"]) == ("refused", "blocked_area")
    call = await node_of.call(caller="01088886666")
    closed = await node_of.record(call)
    assert (closed["outcome"], closed["reason"]) == ("refused", "closed")
    assert heard(call) == ["we-sleep"]


async def test_a_local_caller_is_from_the_carriers_city(node_of: Node, company: Company) -> None:
    await company.destination(FIRST)
    await company.sql("update carriers set area_code = '010'")
    await company.sql(
        "insert into blocked_areas (id, enterprise_id, area_code, office_code)"
        " values (:i, :e, '010', '8266')",
        i=new_id(),
        e=company.id,
    )
    while not node_of.parts.areas:
        await node_of.parts.clock.sleep(1)
    node_of.world.phone(FIRST).answers(after=1, hangs_up_after=2)
    served = await node_of.record(await node_of.call(caller="62345678"))
    assert (served["caller"], served["caller_raw"]) == ("01062345678", "62345678")
    assert (served["province"], served["outcome"]) == ("北京", "answered")
    refused = await node_of.record(await node_of.call(caller="82661234"))
    assert (refused["caller"], refused["reason"]) == ("01082661234", "blocked_area")


async def test_lines_are_limited(node_of: Node, company: Company) -> None:
    await company.destination(FIRST)
    await company.set(concurrent_limit=1)
    node_of.world.phone(FIRST).answers()
    first = await node_of.call()
    await first.answered()
    second = await node_of.call()
    await second.ended()
    await first.hangup()
    await node_of.settled()
    records = await company.records()
    assert [record["outcome"] for record in records] == ["answered", "refused"]
    assert records[1]["reason"] == "concurrent_limit"


async def test_caller_hangs_up_in_greeting(node_of: Node, company: Company) -> None:
    await company.destination(FIRST)
    await company.set(greeting_prompt_id=await company.prompt("greeting"))
    call = await node_of.call()
    await call.hears(node_of.sounds.path("greeting"))
    await call.hangup()
    record = await node_of.record(call)
    assert (record["outcome"], record["reason"]) == ("abandoned", "greeting")
    assert record["legs"] == []
    assert await company.sql("select * from destination_claims") == []


async def test_caller_hangs_up_while_ringing(node_of: Node, company: Company) -> None:
    await company.destination(FIRST)
    node_of.world.phone(FIRST).never_answers()
    call = await node_of.call()
    await node_of.world.phone(FIRST).rings()
    await node_of.parts.clock.sleep(7)
    await call.hangup()
    record = await node_of.record(call)
    assert (record["outcome"], record["reason"]) == ("abandoned", "ringing")
    assert [leg["result"] for leg in record["legs"]] == ["cancelled"]
    assert record["ended_by"] == "caller"


async def test_caller_hangs_up_in_closing_words(node_of: Node, company: Company) -> None:
    await company.destination(FIRST)
    node_of.world.phone(FIRST).busy()
    call = await node_of.call()
    await call.hears(node_of.sounds.path("all_failed"))
    await call.hangup()
    record = await node_of.record(call)
    assert (record["outcome"], record["reason"], record["ended_by"]) == (
        "unanswered",
        "busy",
        "caller",
    )


async def test_caps_pass_calls_on(node_of: Node, company: Company) -> None:
    await company.destination(FIRST, concurrent_cap=1)
    capped = await company.destination("13900000009", monthly_cap_minutes=1)
    await company.destination(SECOND)
    await company.sql(
        "insert into destination_usage values (:d, :e, '2026-03-01', 3, 60)",
        d=capped,
        e=company.id,
    )
    node_of.world.phone(FIRST).answers()
    node_of.world.phone(SECOND).answers()
    calls = [await node_of.call(), await node_of.call()]
    for call in calls:
        await call.answered()
    for call in calls:
        await call.hangup()
    await node_of.settled()
    targets = [record["legs"][0]["target"] for record in await company.records()]
    assert targets == [FIRST, SECOND]


async def test_recording_whisper_and_caller_id(node_of: Node, company: Company) -> None:
    await company.destination(FIRST)
    await company.set(recording=True, whisper=True, caller_id_mode="hotline")
    node_of.world.phone(FIRST).answers(after=1, hangs_up_after=5)
    call = await node_of.call(caller="+86 10 6234 5678")
    record = await node_of.record(call)
    assert heard(call)[0] == "recording_notice"
    [received] = node_of.world.phone(FIRST).calls
    assert received.caller == "4006001234"
    assert heard_by_phone(received.heard)[0] == "whisper-北京"
    [recording] = await company.sql("select * from recordings")
    assert (recording["status"], recording["spool_name"]) == ("pending", f"{record['id']}.wav")


async def test_the_notice_ends_before_the_recording_begins(node_of: Node, company: Company) -> None:
    await company.destination(FIRST)
    node_of.world.phone(FIRST).answers(after=1, hangs_up_after=5)
    await company.set(
        recording=True,
        greeting_prompt_id=await company.prompt("welcome"),
        recording_notice_prompt_id=await company.prompt("we-record"),
    )
    call = await node_of.call()
    record = await node_of.record(call)
    assert heard(call)[:2] == ["welcome", "we-record"]
    [event] = await company.sql(
        "select at from call_events where type = 'connected' and call_id = :id", id=record["id"]
    )
    assert event["at"] > record["legs"][0]["dialled_at"] > record["answered_at"]


@pytest.mark.parametrize("status", ["pending", "failed"])
async def test_the_sound_before_serves_while_a_prompt_is_made_anew(
    node_of: Node, company: Company, status: str
) -> None:
    await company.schedule({})
    await company.set(closed_prompt_id=await company.prompt("we-sleep"))
    await company.sql("update prompts set status = :s", s=status)
    call = await node_of.call()
    await node_of.record(call)
    assert heard(call) == ["we-sleep"]


async def test_stock_announcements_where_none_is_chosen(node_of: Node, company: Company) -> None:
    unreached = await node_of.call()
    await node_of.record(unreached)
    assert heard(unreached) == [SystemSound.ALL_FAILED]
    await company.set(concurrent_limit=1)
    await company.destination(FIRST)
    node_of.world.phone(FIRST).answers(after=1)
    talking = await node_of.call()
    await talking.answered()
    busy = await node_of.call()
    await busy.ended(60)
    assert heard(busy) == [SystemSound.HOTLINE_BUSY]
    await talking.hangup()
    await company.schedule({})
    closed = await node_of.call()
    await node_of.record(closed)
    assert heard(closed) == [SystemSound.CLOSED]


def heard_by_phone(heard: list[object]) -> list[str]:
    return [one.media.stem for one in heard]  # type: ignore[attr-defined]


async def test_prompts_that_are_not_there_delay_nothing(node_of: Node, company: Company) -> None:
    await company.destination(FIRST)
    node_of.sounds.missing |= {"greeting", SystemSound.RECORDING_NOTICE}
    await company.set(
        greeting_prompt_id=await company.prompt("greeting", ready=False), recording=True
    )
    node_of.world.phone(FIRST).answers(after=1, hangs_up_after=1)
    record = await node_of.record(await node_of.call())
    assert record["outcome"] == "answered"
    assert record["waiting_ms"] == pytest.approx(1000, abs=50)
    assert (await company.events(record["id"])).count("prompt_skipped") == 2


async def test_fifty_calls_at_once(node_of: Node, company: Company) -> None:
    await company.destination(FIRST)
    await company.strategy("random")
    node_of.world.phone(FIRST).answers(after=2, hangs_up_after=3)
    calls = [await node_of.world.call("4006001234", CALLER)]
    await node_of.parts.clock.sleep(1)
    calls = [await node_of.world.call("4006001234", CALLER) for _ in range(60)]
    for call in calls:
        await call.ended(120)
    await node_of.settled()
    outcomes = [record["outcome"] for record in await company.records()]
    assert outcomes.count("answered") >= 60


async def test_a_changed_destination_is_obeyed_by_the_next_call(
    node_of: Node, company: Company
) -> None:
    destination = await company.destination(FIRST)
    node_of.world.phone(FIRST).answers(hangs_up_after=1)
    node_of.world.phone(SECOND).answers(hangs_up_after=1)
    await node_of.record(await node_of.call())
    await company.sql("update destinations set number = :n where id = :d", n=SECOND, d=destination)
    record = await node_of.record(await node_of.call())
    assert record["legs"][0]["target"] == SECOND


async def test_the_next_carrier_is_tried(node_of: Node, company: Company) -> None:
    await company.sql(
        "insert into carriers (id, name, kind, host, position)"
        " values (gen_random_uuid(), 'broken', 'address', 'y', -1)"
    )
    await company.destination(FIRST)
    node_of.world.phone(FIRST).answers(after=1, hangs_up_after=1)
    record = await node_of.record(await node_of.call())
    assert [(leg["trunk"], leg["result"]) for leg in record["legs"]] == [
        ("broken", "unreachable"),
        ("carrier", "answered"),
    ]
    assert record["outcome"] == "answered"


@pytest.mark.parametrize(
    ("behaviour", "result"),
    [("unreachable", "unreachable"), ("redirects", "unreachable"), ("rejects", "rejected")],
)
async def test_odd_destinations_lead_to_the_next(
    node_of: Node, company: Company, behaviour: str, result: str
) -> None:
    await company.destination(FIRST)
    await company.destination(SECOND)
    getattr(node_of.world.phone(FIRST), behaviour)()
    node_of.world.phone(SECOND).answers(after=1, hangs_up_after=1)
    record = await node_of.record(await node_of.call())
    assert [leg["result"] for leg in record["legs"]] == [result, "answered"]


async def test_a_destination_that_drops_at_once(node_of: Node, company: Company) -> None:
    await company.destination(FIRST)
    node_of.world.phone(FIRST).drops_at_once()
    record = await node_of.record(await node_of.call())
    assert (record["outcome"], record["ended_by"]) == ("answered", "callee")
    assert (record["talk_ms"], record["billable_seconds"]) == (0, 0)


async def test_nobody_reachable_at_all_is_a_failure(node_of: Node, company: Company) -> None:
    await company.destination(FIRST)
    node_of.world.phone(FIRST).unreachable()
    record = await node_of.record(await node_of.call())
    assert (record["outcome"], record["reason"]) == ("failed", "unreachable")


async def test_calls_of_one_rotation_are_shared(node_of: Node, company: Company) -> None:
    await company.strategy("sequential")
    for number in (FIRST, SECOND):
        await company.destination(number)
        node_of.world.phone(number).answers(after=1, hangs_up_after=1)
    for _ in range(6):
        await (await node_of.call()).ended()
    assert [len(node_of.world.phone(number).calls) for number in (FIRST, SECOND)] == [3, 3]
