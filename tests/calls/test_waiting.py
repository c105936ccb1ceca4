"""Callers in a queue on the fake switch: music, words, keys, agents rung in turn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from hotline.agents.rules import AgentState
from hotline.calls.comfort import key_words, progress_words
from hotline.calls.waiting import Wish
from hotline.db.database import Database
from hotline.kit.ids import new_id
from hotline.queues.floor import Floor
from hotline.queues.settings import Exit, OverflowKind, QueueSettings
from hotline.queues.store import Place
from hotline.telephony.fake import FakeCall
from hotline.telephony.fake.line import music_path
from tests.calls.company import Company
from tests.calls.staff import Staff
from tests.calls.test_messages import survey, until_heard
from tests.calls.waiting_line import Cuttable, Line, never, serving

MUSIC = music_path("default")
BUSY = "queue_busy"


@pytest.fixture
async def line(company: Company, staff: Staff, database: Database) -> AsyncIterator[Line]:
    line = Line(company, staff, Cuttable(database.platform_url, durable=False))
    staff.node.parts.floor = Floor(line.store, staff.node.parts.clock, "node1", never)
    yield line
    await line.pool.close()


def heard(call: FakeCall) -> list[str]:
    return [one.media.stem if one.media != MUSIC else "music" for one in call.heard]


@pytest.mark.parametrize("recording", [True, False])
async def test_a_free_agent_is_rung_at_once(line: Line, recording: bool) -> None:
    """The hotline does not record: where the queue does, the caller is told so first."""
    agent = await line.staff.agent("1001")
    await line.set_up(agent, recording=recording)
    agent.phone.answers(after=2, hangs_up_after=30)
    async with serving(line) as node:
        call = await node.world.call("4006001234", "13812345678")
        await call.ended(60)
    told = ["recording_notice"] if recording else []
    assert [one for one in heard(call) if one != "music"] == told
    [entry] = await line.entries()
    assert (entry["state"], entry["agent_id"], entry["reason"]) == (
        "answered",
        agent.id,
        "answered",
    )
    assert (entry["left_at"] - entry["entered_at"]).total_seconds() == pytest.approx(2, abs=0.2)
    assert await agent.state() == "wrap_up"
    assert [over.exit for over in line.over] == [Exit.ANSWERED]
    [record] = await line.company.records()
    assert (record["outcome"], record["legs"][0]["queue_id"]) == ("answered", line.id)
    assert await line.company.events(record["id"]) == [
        "arrived",
        *(["greeting_started"] if recording else []),
        "queue_entered",
        "agent_offered",
        "dialling",
        "ringing",
        "queue_left",
        "connected",
        "leg_ended",
        "ended",
    ]


async def test_the_queue_says_what_agents_hear_and_how_long_they_wrap_up(line: Line) -> None:
    agent = await line.staff.agent("1001", wrap_up_seconds=15)
    await line.set_up(agent, whisper=True, wrap_up_seconds=40)
    agent.phone.answers(after=1, hangs_up_after=6)
    async with serving(line) as node:
        call = await node.world.call("4006001234", "13812345678")
        await call.ended(60)
    [heard_first, *_] = agent.phone.calls[0].heard
    assert heard_first.media == node.sounds.phrase("客服")
    [presence] = await line.company.sql("select state, since, wrap_up_until from agent_presence")
    assert presence["state"] == "wrap_up"
    assert (presence["wrap_up_until"] - presence["since"]).total_seconds() == 40


async def test_callers_rate_the_agent_of_the_queue(line: Line) -> None:
    agent = await line.staff.agent("1001")
    asked = await survey(line.company)
    await line.company.set(survey_id=None)
    await line.set_up(agent, survey_id=asked)
    agent.phone.answers(after=2, hangs_up_after=5)
    async with serving(line) as node:
        call = await node.world.call("4006001234", "13812345678")
        await until_heard(node, call, "question0")
        await call.press("1")
        await call.ended(60)
    [answer] = await line.company.sql("select survey_id, agent_id, score from survey_answers")
    assert tuple(answer.values()) == (asked, agent.id, 5.0)
    [record] = await line.company.records()
    assert (record["outcome"], record["ended_by"]) == ("answered", "callee")
    assert record["talk_ms"] == pytest.approx(5000, abs=100)


async def test_nobody_is_asked_who_hung_up_on_the_agent(line: Line) -> None:
    agent = await line.staff.agent("1001")
    asked = await survey(line.company)
    await line.company.set(survey_id=None)
    await line.set_up(agent, survey_id=asked)
    async with serving(line) as node:
        call = await node.world.call("4006001234", "13812345678")
        await call.answered()
        await agent.phone.rings()
        await node.parts.clock.sleep(5)
        await call.hangup()
        await call.ended(60)
    assert await line.company.sql("select 1 from survey_runs") == []


async def test_who_does_not_answer_is_followed_by_the_next(line: Line) -> None:
    slow, quick = await line.staff.agent("1001"), await line.staff.agent("1002")
    await line.set_up(slow, quick, strategy="priority", ring_timeout=10)
    slow.phone.never_answers()
    quick.phone.answers(after=1, hangs_up_after=5)
    async with serving(line) as node:
        call = await node.world.call("4006001234", "13812345678")
        await call.ended(60)
    [record] = await line.company.records()
    legs = [(leg["agent_id"], leg["result"]) for leg in record["legs"]]
    assert legs == [(slow.id, "no_answer"), (quick.id, "answered")]
    [entry] = await line.entries()
    assert entry["tried"] == [slow.id]
    [missed] = await line.company.sql(
        "select misses from agent_presence where agent_id = :a", a=slow.id
    )
    assert missed == {"misses": 1}


async def test_all_ring_and_the_quickest_has_the_call(line: Line) -> None:
    slow, quick = await line.staff.agent("1001"), await line.staff.agent("1002")
    await line.set_up(slow, quick, strategy="ring_all")
    slow.phone.answers(after=9)
    quick.phone.answers(after=3, hangs_up_after=5)
    async with serving(line) as node:
        call = await node.world.call("4006001234", "13812345678")
        await call.ended(60)
        assert await slow.state() == "ready"
    [entry] = await line.entries()
    assert (entry["agent_id"], set(entry["offered_to"])) == (quick.id, {slow.id, quick.id})


async def test_the_caller_leaves_while_it_rings(line: Line) -> None:
    agent = await line.staff.agent("1001")
    await line.set_up(agent)
    agent.phone.never_answers()
    async with serving(line) as node:
        call = await node.world.call("4006001234", "13812345678")
        await agent.phone.rings()
        await call.hangup()
        await node.parts.clock.sleep(5)
    assert await agent.state() == "ready"
    [row] = await line.company.sql("select misses, call_id from agent_presence")
    assert row == {"misses": 0, "call_id": None}
    [entry] = await line.entries()
    assert (entry["state"], entry["reason"]) == ("left", "abandoned")
    [record] = await line.company.records()
    assert (record["outcome"], record["reason"]) == ("abandoned", "queue")


async def test_words_at_intervals_until_the_time_is_up(line: Line) -> None:
    agent = await line.staff.agent("1001", state="break")
    overflow = '{"timeout": {"kind": "number", "number": "13900000001"}}'
    await line.set_up(agent, max_wait=75, announce_every=30, overflow=overflow, recording=False)
    async with serving(line) as node:
        call = await node.world.call("4006001234", "13812345678")
        await call.ended(120)
    assert heard(call).count(BUSY) == 3
    [over] = line.over
    assert over.exit is Exit.TIMEOUT
    assert over.overflow is not None
    assert (over.overflow.kind, over.overflow.number) == (OverflowKind.NUMBER, "13900000001")
    [record] = await line.company.records()
    assert (record["outcome"], record["reason"]) == ("unanswered", "queue_timeout")
    assert record["waiting_ms"] == pytest.approx(75_000, abs=500)


@pytest.mark.parametrize(("key", "exit_"), [("1", Exit.VOICEMAIL), ("2", Exit.LEAVE)])
async def test_keys_end_the_wait(line: Line, key: str, exit_: Exit) -> None:
    agent = await line.staff.agent("1001", state="break")
    await line.set_up(agent, key_voicemail="1", key_leave="2")
    async with serving(line) as node:
        call = await node.world.call("4006001234", "13812345678")
        await call.answered()
        await node.parts.clock.sleep(20)
        await call.press("9")
        await node.parts.clock.sleep(3)
        await call.press(key)
        await call.ended(10)
    assert [over.exit for over in line.over] == [exit_]
    [entry] = await line.entries()
    assert (entry["state"], entry["reason"]) == ("left", exit_.value)


async def test_who_wants_to_be_called_back_is_listed(line: Line) -> None:
    agent = await line.staff.agent("1001", state="break")
    await line.set_up(agent, key_callback="1")
    async with serving(line) as node:
        call = await node.world.call("4006001234", "13812345678")
        await call.answered()
        await node.parts.clock.sleep(5)
        await call.press("1")
        await call.ended(60)
        await node.parts.talks.presence.sign_in(agent.id)
        await node.parts.clock.sleep(20)
    assert heard(call)[-1] == "callback_noted"
    [entry] = await line.entries()
    assert (entry["kind"], entry["state"]) == ("callback", "waiting")
    assert entry["callback_number"] == "13812345678"
    assert await agent.state() == "ready"


async def test_nobody_and_full_and_another_queue(line: Line) -> None:
    await line.set_up(max_length=1)
    async with serving(line) as node:
        call = await node.world.call("4006001234", "13812345678")
        await call.ended(10)
    assert [over.exit for over in line.over] == [Exit.NOBODY]
    assert await line.entries() == []


async def test_who_waits_is_sent_on_once_the_last_agent_has_gone_home(line: Line) -> None:
    """Not at once where a phone was lost, as by a page that is loaded anew."""
    overflow = '{"nobody": {"kind": "number", "number": "13900000001"}}'
    agent = await line.staff.agent("1001", state="break")
    await line.set_up(agent, overflow=overflow)
    async with serving(line) as node:
        presence, clock = node.parts.talks.presence, node.parts.clock
        call = await node.world.call("4006001234", "13812345678")
        await call.answered()
        await clock.sleep(12)
        assert not line.over
        lost = "update agent_presence set state = 'offline', reason = 'device_gone', since = :at"
        await line.company.sql(lost, at=clock.now())
        await clock.sleep(12)
        assert not line.over
        await presence.set_state(agent.id, AgentState.BREAK)
        await clock.sleep(30)
        assert not line.over
        await presence.set_state(agent.id, AgentState.OFFLINE)
        await call.ended(10)
    [over] = line.over
    assert over.exit is Exit.NOBODY
    assert over.overflow is not None
    [entry] = await line.entries()
    assert (entry["state"], entry["reason"]) == ("left", "nobody")


async def test_who_may_wait_for_nobody_waits_on(line: Line) -> None:
    agent = await line.staff.agent("1001", state="break")
    await line.set_up(agent, leave_when_empty=False)
    async with serving(line) as node:
        call = await node.world.call("4006001234", "13812345678")
        await call.answered()
        await node.parts.talks.presence.set_state(agent.id, AgentState.OFFLINE)
        await node.parts.clock.sleep(60)
        assert not call.is_ended
        await call.hangup()


async def test_overflow_into_another_queue(line: Line) -> None:
    agent = await line.staff.agent("1001")
    agent.phone.answers(after=1, hangs_up_after=5)
    await line.set_up(agent)
    served, line.id = line.id, new_id()
    overflow = f'{{"nobody": {{"kind": "queue", "id": "{served}"}}}}'
    await line.set_up(overflow=overflow)
    async with serving(line) as node:
        call = await node.world.call("4006001234", "13812345678")
        await call.ended(60)
    assert [(over.exit, over.queue_id) for over in line.over] == [(Exit.ANSWERED, served)]


async def test_vips_overtake_and_the_others_keep_their_order(line: Line) -> None:
    agent = await line.staff.agent("1001", state="break", wrap_up_seconds=0)
    agent.phone.answers(after=1, hangs_up_after=5)
    await line.set_up(agent)
    async with serving(line) as node:
        calls = []
        for caller, priority in (("13800000001", 0), ("13800000002", 0), ("13800000003", 5)):
            line.wish = Wish(priority=priority)
            calls.append(await node.world.call("4006001234", caller))
            await calls[-1].answered()
            await node.parts.clock.sleep(1)
        await node.parts.talks.presence.sign_in(agent.id)
        for call in calls:
            await call.ended(90)
    served = await line.company.sql("select caller from queue_entries order by left_at")
    assert [row["caller"][-1] for row in served] == ["3", "1", "2"]


async def test_without_the_database_the_caller_waits_on(line: Line) -> None:
    """It goes away while they wait; when it is back an agent is rung."""
    agent = await line.staff.agent("1001", state="break")
    agent.phone.answers(after=1, hangs_up_after=5)
    await line.set_up(agent)
    async with serving(line) as node:
        call = await node.world.call("4006001234", "13812345678")
        await call.answered()
        await node.parts.clock.sleep(3)
        line.pool.away = True
        await node.parts.talks.presence.sign_in(agent.id)
        await node.parts.clock.sleep(60)
        assert not call.is_ended
        line.pool.away = False
        await call.ended(90)
    assert [over.exit for over in line.over] == [Exit.ANSWERED]


async def test_who_comes_while_the_database_is_away_waits_too(line: Line) -> None:
    agent = await line.staff.agent("1001")
    agent.phone.answers(after=1, hangs_up_after=5)
    await line.set_up(agent)
    async with serving(line) as node:
        assert node.parts.floor is not None
        await node.parts.floor.settings(line.id)
        line.pool.away = True
        call = await node.world.call("4006001234", "13812345678")
        await call.answered()
        await node.parts.clock.sleep(10)
        line.pool.away = False
        await call.ended(90)
    assert [over.exit for over in line.over] == [Exit.ANSWERED]


async def test_the_end_of_a_wait_is_written_when_the_database_is_back(line: Line) -> None:
    agent = await line.staff.agent("1001", state="break")
    await line.set_up(agent)
    async with serving(line) as node:
        call = await node.world.call("4006001234", "13812345678")
        await call.answered()
        await node.parts.clock.sleep(3)
        line.pool.away = True
        await call.hangup()
        await node.parts.clock.sleep(10)
        assert [entry["state"] for entry in await line.entries()] == ["waiting"]
        line.pool.away = False
        await node.parts.clock.sleep(3)
    assert [entry["reason"] for entry in await line.entries()] == ["abandoned"]


def test_what_is_said_of_the_place() -> None:
    queue = QueueSettings(
        id=UUID(int=1), enterprise_id=UUID(int=2), name="q", announce_wait=True, key_voicemail="*"
    )
    assert progress_words(queue, Place(1, None)) == ["您是下一位。"]
    assert progress_words(queue, Place(4, 61.0)) == ["您前面还有3位。", "预计等待2分钟。"]
    assert progress_words(queue, Place(99, 5000.0)) == ["您前面还有超过50位。"]
    assert key_words(queue) == ["留言请按星号键。"]
