"""What becomes of a caller at each kind of node: the table that ``test_every_node`` walks through.

``given`` is the ordinary way: what the node asks for is given, or it finds what it looks for. At
``silent`` nothing comes, at ``wrong`` something that the node cannot use, at ``gone`` the caller
hangs up there. A cell that makes no sense says why instead.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from hotline.calls.flow_lists import code_hash
from hotline.calls.flow_parts import Question
from hotline.telephony.fake import FakeCall
from tests.calls.company import CALLER
from tests.calls.house import House
from tests.calls.test_messages import survey, until_heard

OUTSIDE: Final = "13900000001"
NO_QUESTION: Final = "asks for nothing"
AT_ONCE: Final = "takes no time"

Settings: TypeAlias = dict[str, Any]
Build: TypeAlias = Callable[[House], Awaitable[Settings]]
Deed: TypeAlias = Callable[[House, FakeCall], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A caller at a node, and what becomes of them."""

    build: Build
    does: Deed
    exit: str = ""
    """By which the node is left; empty: the call ends there."""
    outcome: str = "served"
    reason: str = ""
    by: str = "system"
    events: frozenset[str] = frozenset()
    """Some of those that the call must have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    given: Cell
    silent: Cell | str
    wrong: Cell | str
    gone: Cell


# ---------------------------------------------------------------- what callers do


def keys(text: str) -> Deed:
    """Press them, a second apart."""

    async def do(house: House, call: FakeCall) -> None:
        await house.press(call, *text)

    return do


async def waits(house: House, call: FakeCall) -> None:
    del house, call


def hangs_up(after: float = 1.5) -> Deed:
    async def do(house: House, call: FakeCall) -> None:
        await house.clock.sleep(after)
        await call.hangup()

    return do


async def leaves_at_once(house: House, call: FakeCall) -> None:
    del house
    await call.hangup()


def leaves_a_message(then: str) -> Deed:
    async def do(house: House, call: FakeCall) -> None:
        await until_heard(house.node, call, "beep")
        await house.clock.sleep(3)
        if then:
            await call.press(then)
        else:
            await call.hangup()

    return do


def when_asked(*pressed: str) -> Deed:
    """Press a key each time the survey's question is asked; without one, hang up."""

    async def do(house: House, call: FakeCall) -> None:
        for place, key in enumerate(pressed, start=1):
            await until_heard(house.node, call, "question0", place)
            await call.press(key)
        if not pressed:
            await until_heard(house.node, call, "question0")
            await call.hangup()

    return do


# ---------------------------------------------------------------- nodes


def plain(**settings: Any) -> Build:
    async def build(_: House) -> Settings:
        return settings

    return build


async def play(house: House) -> Settings:
    return {"sounds": [{"prompt": str(await house.company.prompt("words"))}], "keys_skip": True}


def password(house_code: str = "2468") -> Build:
    async def build(house: House) -> Settings:
        key = await house.row("code_lists", {"name": "会员"})
        [kept] = await house.company.sql("select salt from code_lists")
        hashed = code_hash(house_code, bytes(kept["salt"]))
        await house.row("codes", {"list_id": key, "hash": hashed})
        return {"code_list": str(key), "sounds": [], "tries": 2}

    return build


def caller_list(number: str) -> Build:
    async def build(house: House) -> Settings:
        return {"caller_list": str(await house.caller_list(number))}

    return build


class Slow:
    """A server that thinks for a minute."""

    def __init__(self, house: House) -> None:
        self._clock = house.clock

    async def ask(self, question: Question) -> bytes | None:
        await self._clock.sleep(min(60, question.within))
        return None


def http(answer: bytes | None, *, slow: bool = False) -> Build:
    async def build(house: House) -> Settings:
        house.web.body = answer
        if slow:
            house.answers_by(Slow(house))
        return {"url": "https://crm.example/", "timeout": 10, "keep": {"level": "level"}}

    return build


def behaves(house: House, behaviour: str) -> None:
    phone = house.node.world.phone(OUTSIDE)
    if behaviour == "answers":
        phone.answers(after=1, hangs_up_after=2)
    else:
        getattr(phone, behaviour)()


def group(behaviour: str) -> Build:
    async def build(house: House) -> Settings:
        await house.company.destination(OUTSIDE)
        behaves(house, behaviour)
        return {"group": str(house.company.group_id)}

    return build


def transfer(behaviour: str) -> Build:
    async def build(house: House) -> Settings:
        behaves(house, behaviour)
        return {"destination": str(await house.company.destination(OUTSIDE))}

    return build


def extension(behaviour: str, dialled: str = "1001") -> Build:
    async def build(house: House) -> Settings:
        agent = await house.staff.agent("1001")
        if behaviour == "answers":
            agent.phone.answers(after=1, hangs_up_after=2)
        else:
            getattr(agent.phone, behaviour)()
        return {"extension": dialled}

    return build


def queue(behaviour: str, state: str = "ready") -> Build:
    async def build(house: House) -> Settings:
        agent = await house.staff.agent("1001", state=state)
        if behaviour == "answers":
            agent.phone.answers(after=1, hangs_up_after=2)
        else:
            getattr(agent.phone, behaviour)()
        return {"queue": str(await house.queue(agent, max_wait=15))}

    return build


async def voicemail(house: House) -> Settings:
    return {"box": str(await house.row("voicemail_boxes", {"name": "留言", "silence_seconds": 4}))}


async def ask(house: House) -> Settings:
    key = await survey(house.company)
    await house.company.set(survey_id=None)
    return {"survey": str(key)}


def subflow(result: str) -> Build:
    """Another flow with a menu, that returns by ``result`` after 1."""

    async def build(house: House) -> Settings:
        inner = await house.publish(
            {**MENU_NODE, "id": "inner", "exits": {"1": "ok", "timeout": "no", "wrong": "no"}},
            {"id": "ok", "kind": "return", "result": result},
            {"id": "no", "kind": "return", "result": "next"},
            use=False,
        )
        return {"flow": str(inner), "results": ["vip"]}

    return build


MENU_NODE: Final[Mapping[str, Any]] = {"kind": "menu", "sounds": [], "keys": ["1"], "tries": 2}
MENU = plain(**{name: value for name, value in MENU_NODE.items() if name != "kind"})
COLLECT = plain(variable="card", sounds=[], min_digits=3, tries=2)
ALWAYS = {day: [["00:00", "24:00"]] for day in "1234567"}
TRUE = {"variable": "area_code", "is": "filled"}


def gone(build: Build, does: Deed | None = None, reason: str = "", **more: Any) -> Cell:
    does = does or hangs_up()
    return Cell(build=build, does=does, outcome="abandoned", reason=reason, by="caller", **more)


def decides(good: Build, by: str, bad: Build | None, otherwise: str = "") -> Row:
    """A node that asks the caller for nothing and takes no time."""
    wrong = Cell(build=bad, does=waits, exit=otherwise) if bad is not None else NO_QUESTION
    return Row(
        given=Cell(build=good, does=waits, exit=by),
        silent=AT_ONCE,
        wrong=wrong,
        gone=gone(good, leaves_at_once, "hangup", exit=by),
    )


def reaches(build: Callable[[str], Build], gone_at: str, wrong: Cell) -> Row:
    """A node that puts the caller through to one phone."""
    talked = frozenset({"dialling", "ringing", "connected", "leg_ended"})
    return Row(
        given=Cell(
            build=build("answers"),
            does=waits,
            exit="answered",
            outcome="answered",
            events=talked,
        ),
        silent=Cell(
            build=build("never_answers"),
            does=waits,
            exit="unanswered",
            outcome="unanswered",
            reason="no_answer",
            events=talked - {"connected"} | {"exhausted"},
        ),
        wrong=wrong,
        gone=gone(build("never_answers"), hangs_up(3), gone_at, events=talked - {"connected"}),
    )


def busy(build: Build) -> Cell:
    return Cell(
        build=build,
        does=waits,
        exit="unanswered",
        outcome="unanswered",
        reason="busy",
        events=frozenset({"leg_ended", "exhausted"}),
    )


ROWS: Final[Mapping[str, Row]] = {
    "play": Row(
        given=Cell(build=play, does=keys("5"), exit="next"),
        silent=Cell(build=play, does=waits, exit="next"),
        wrong="every key skips the rest",
        gone=gone(play, reason="greeting"),
    ),
    "announce": Row(
        given=Cell(build=plain(say="number", value="13"), does=waits, exit="next"),
        silent=NO_QUESTION,
        wrong=Cell(build=plain(say="number", value="many"), does=waits, exit="unreadable"),
        gone=gone(plain(say="number", value="13"), reason="hangup", exit="next"),
    ),
    "menu": Row(
        given=Cell(build=MENU, does=keys("1"), exit="1"),
        silent=Cell(build=MENU, does=waits, exit="timeout"),
        wrong=Cell(build=MENU, does=keys("99"), exit="wrong"),
        gone=gone(MENU, reason="menu"),
    ),
    "collect": Row(
        given=Cell(
            build=COLLECT, does=keys("123#"), exit="next", events=frozenset({"variable_set"})
        ),
        silent=Cell(build=COLLECT, does=waits, exit="timeout"),
        wrong=Cell(build=COLLECT, does=keys("1#2#"), exit="wrong"),
        gone=gone(COLLECT, reason="collect"),
    ),
    "password": Row(
        given=Cell(build=password(), does=keys("2468#"), exit="accepted"),
        silent=Cell(build=password(), does=waits, exit="timeout"),
        wrong=Cell(build=password(), does=keys("1111#1111#"), exit="wrong"),
        gone=gone(password(), reason="password"),
    ),
    "schedule": decides(
        plain(periods=[{"exit": "day", "weekly": ALWAYS}]),
        "day",
        plain(periods=[{"exit": "day", "weekly": {}}]),
        "otherwise",
    ),
    "region": decides(
        plain(rules=[{"exit": "here", "provinces": ["江苏"]}]),
        "here",
        plain(rules=[{"exit": "here", "provinces": ["广东"]}]),
        "otherwise",
    ),
    "split": decides(plain(shares=[{"exit": "all", "percent": 100}]), "all", None),
    "caller_list": decides(caller_list(CALLER), "listed", caller_list("13700000000"), "otherwise"),
    "condition": decides(
        plain(tests=[TRUE]), "true", plain(tests=[{**TRUE, "is": "empty"}]), "false"
    ),
    "set": decides(plain(values={"level": "{province}"}), "next", None),
    "http": Row(
        given=Cell(
            build=http(b'{"level": "gold"}'),
            does=waits,
            exit="next",
            events=frozenset({"variable_set"}),
        ),
        silent=Cell(build=http(None, slow=True), does=waits, exit="failed"),
        wrong=Cell(build=http(b"<html>"), does=waits, exit="failed"),
        gone=gone(http(None, slow=True), reason="http"),
    ),
    "group": reaches(group, "ringing", busy(group("busy"))),
    "transfer": reaches(transfer, "ringing", busy(transfer("busy"))),
    "extension": reaches(
        extension,
        "extension",
        Cell(build=extension("answers", "2002"), does=waits, exit="unknown"),
    ),
    "queue": Row(
        given=Cell(
            build=queue("answers"),
            does=waits,
            exit="answered",
            outcome="answered",
            events=frozenset({"queue_entered", "agent_offered", "queue_left", "connected"}),
        ),
        silent=Cell(
            build=queue("never_answers", "break"),
            does=waits,
            exit="timeout",
            outcome="unanswered",
            reason="queue_timeout",
            events=frozenset({"queue_entered", "queue_left"}),
        ),
        wrong=Cell(
            build=queue("never_answers", "offline"),
            does=waits,
            exit="nobody",
            outcome="unanswered",
            reason="queue_nobody",
        ),
        gone=gone(
            queue("never_answers"),
            hangs_up(4),
            "queue",
            events=frozenset({"queue_entered", "queue_left"}),
        ),
    ),
    "voicemail": Row(
        given=Cell(
            build=voicemail,
            does=leaves_a_message("#"),
            exit="left",
            outcome="unanswered",
            reason="message_left",
            events=frozenset({"message_started", "message_left"}),
        ),
        silent=Cell(build=voicemail, does=waits, exit="empty"),
        wrong=Cell(build=voicemail, does=keys("#"), exit="empty"),
        gone=Cell(
            build=voicemail,
            does=leaves_a_message(""),
            outcome="unanswered",
            reason="message_left",
            by="caller",
            events=frozenset({"message_left"}),
        ),
    ),
    "survey": Row(
        given=Cell(
            build=ask,
            does=when_asked("1"),
            exit="answered",
            events=frozenset({"survey_asked", "survey_answered"}),
        ),
        silent=Cell(build=ask, does=waits, exit="unanswered", events=frozenset({"survey_asked"})),
        wrong=Cell(build=ask, does=when_asked("8", "9"), exit="unanswered"),
        gone=gone(ask, when_asked(), "survey", events=frozenset({"survey_asked"})),
    ),
    "subflow": Row(
        given=Cell(build=subflow("vip"), does=keys("1"), exit="vip"),
        silent=Cell(build=subflow("vip"), does=waits, exit="next"),
        wrong=Cell(build=subflow("other"), does=keys("1"), exit="next"),
        gone=gone(subflow("vip"), reason="menu"),
    ),
    "return": Row(
        given=Cell(build=plain(), does=waits),
        silent=AT_ONCE,
        wrong=NO_QUESTION,
        gone=gone(plain(), reason="return"),
    ),
    "hangup": Row(
        given=Cell(build=plain(notice="closed"), does=waits),
        silent=NO_QUESTION,
        wrong=NO_QUESTION,
        gone=gone(plain(notice="closed"), reason="hangup"),
    ),
}
NEVER_WALKED: Final = frozenset({"fax"})
"""Flows with these are not published."""
