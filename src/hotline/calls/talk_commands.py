"""What agents and supervisors can do to a talk while it goes on, one function a verb.

Arguments come from outside: each verb checks its own. Repeating a command is harmless wherever its
effect is there already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from hotline.agents.facts import AgentFacts
from hotline.calls.commands import Command, NobodyThere, NotFree, NotNow, NumberForbidden, Result
from hotline.calls.consult import BLIND, Consultation, named
from hotline.calls.events import Transferred
from hotline.calls.extensions import QueueExtension, claim_member, who_has
from hotline.calls.goals import Goal, ToExtension, ToNumber, ToQueue, ToSurvey
from hotline.calls.numbers_outside import may_be_called
from hotline.calls.talking import Talk, Verb
from hotline.db.direct import DatabaseAway
from hotline.kit.numbers import parse_number
from hotline.telephony.port import Cause, Party

_DIGITS: Final = re.compile(r"[0-9*#A-D]{1,32}")


async def hold(talk: Talk, command: Command) -> Result:
    """The caller hears music."""
    talk.member_who(command)
    if talk.consultation is None:
        await talk.hold()
    return None


async def resume(talk: Talk, command: Command) -> Result:
    """The caller is heard again."""
    talk.member_who(command)
    if talk.consultation is not None:
        raise NotNow
    await talk.unhold()
    return None


async def mute(talk: Talk, command: Command) -> Result:
    """The agent is not heard."""
    await talk.room.mute(talk.member_who(command).leg)
    return None


async def unmute(talk: Talk, command: Command) -> Result:
    await talk.room.unmute(talk.member_who(command).leg)
    return None


async def digits(talk: Talk, command: Command) -> Result:
    """Press keys towards the caller or, while one asks somebody else, towards those: they may be
    a machine that wants a key."""
    talk.member_who(command)
    pressed = str(command.arguments.get("digits", ""))
    if not _DIGITS.fullmatch(pressed):
        raise NotNow("digits are 1 to 32 of 0-9 * # A-D")
    asked = talk.consultation.colleague if talk.consultation is not None else None
    if asked is not None:
        await asked.leg.send_digits(pressed)
    else:
        await talk.ctx.call.send_digits(pressed)
    return None


async def transfer(talk: Talk, command: Command) -> Result:
    """Send the caller on and leave: to an extension, a queue or an approved number outside."""
    member = talk.member_who(command)
    goal, agent = await _goal(talk, command.arguments)
    if agent is not None and not await _is_ready(talk, agent):
        raise NotFree
    if isinstance(goal, ToQueue) and not await _takes_callers(talk, goal.queue_id):
        raise NotFree("nobody is signed in to that queue")
    await _drop_consultation(talk)
    _note(talk, member.number, goal)
    await talk.send_on(goal)
    return None


async def transfer_to_survey(talk: Talk, command: Command) -> Result:
    """Leave, and let the caller rate the talk."""
    member = talk.member_who(command)
    await _drop_consultation(talk)
    goal = ToSurvey(member.agent.id if member.agent is not None else None)
    _note(talk, member.number, goal)
    await talk.send_on(goal)
    return None


async def return_to_queue(talk: Talk, command: Command) -> Result:
    """Back to the queue that the caller came from."""
    member = talk.member_who(command)
    if member.offer.queue_id is None:
        raise NotNow("the call came from no queue")
    await _drop_consultation(talk)
    goal = ToQueue(member.offer.queue_id)
    _note(talk, member.number, goal)
    await talk.send_on(goal)
    return None


async def consult(talk: Talk, command: Command) -> Result:
    """Ring a colleague, a free agent of a queue, or an approved number, while the caller hears
    music."""
    talk.member_who(command)
    if talk.consultation is not None or len(talk.members) != 1:
        raise NotNow
    goal, agent = await _goal(talk, command.arguments)
    await talk.hold()
    if isinstance(goal, ToQueue):
        agent = await _member_claimed(talk, goal.queue_id)
        goal = ToExtension(agent.extension if agent is not None else "")
        free = agent is not None
    else:
        free = agent is None or await _claimed(talk, agent)
    if not free or not isinstance(goal, ToExtension | ToNumber):
        await talk.unhold()
        raise NotFree
    who = agent if agent is not None else goal.number if isinstance(goal, ToNumber) else ""
    talk.consult(Consultation(talk.ctx, goal, who))
    return None


async def complete(talk: Talk, command: Command) -> Result:
    """Hand the caller over to the colleague who was asked, or is still being rung."""
    member = talk.member_who(command)
    if talk.consultation is not None:
        if not talk.consultation.answered:
            _note(talk, member.number, talk.consultation.goal)
        await talk.hand_over(talk.consultation)
    elif len(talk.members) > 1:  # they talk all three already
        await talk.drop(member)
    else:
        raise NotNow
    return None


async def three_way(talk: Talk, command: Command) -> Result:
    """Caller, agent and colleague hear each other."""
    talk.member_who(command)
    consultation = talk.consultation
    if consultation is None:
        if len(talk.members) > 1:
            return None
        raise NotNow
    if consultation.colleague is None:
        raise NotNow("nobody has answered yet")
    talk.consultation = None
    await talk.unhold()
    await talk.connect(consultation.colleague)
    return None


async def back(talk: Talk, command: Command) -> Result:
    """Let the colleague go and talk to the caller again."""
    talk.member_who(command)
    if talk.consultation is None and len(talk.members) > 1:
        await talk.drop(talk.members[-1])
        return None
    await _drop_consultation(talk)
    await talk.unhold()
    return None


async def hangup(talk: Talk, command: Command) -> Result:
    """An agent leaves; a supervisor ends the call for everybody."""
    if command.agent_id is None:
        talk.finish(Party.SYSTEM, int(Cause.NORMAL))
        await talk.ctx.call.hangup()
        return None
    consultation = talk.consultation
    colleague = consultation.colleague if consultation is not None else None
    if consultation is not None and colleague and colleague.is_agent(command.agent_id):
        await back(talk, Command(command.id, command.call_id, "back", {}, None))
        return None
    member = talk.member_who(command)
    if consultation is not None:
        await complete(talk, command)
        return None
    await talk.drop(member)
    if not talk.members:
        talk.finish(Party.CALLEE, int(Cause.NORMAL), last=member)
    return None


VERBS: Final[Mapping[str, Verb]] = MappingProxyType(
    {
        "hold": hold,
        "resume": resume,
        "mute": mute,
        "unmute": unmute,
        "digits": digits,
        "transfer": transfer,
        "transfer_to_survey": transfer_to_survey,
        "return_to_queue": return_to_queue,
        "consult": consult,
        "complete": complete,
        "three_way": three_way,
        "back": back,
        "hangup": hangup,
    }
)


# ---------------------------------------------------------------- helpers


async def _goal(talk: Talk, arguments: Mapping[str, Any]) -> tuple[Goal, AgentFacts | None]:
    """Where ``arguments`` point to, looked up. Raises NobodyThere, NumberForbidden."""
    enterprise_id = talk.ctx.facts.settings.enterprise_id
    talks = talk.ctx.parts.talks
    try:
        if arguments.get("extension"):
            found = await who_has(talks, enterprise_id, str(arguments["extension"]))
            if isinstance(found, QueueExtension):
                return ToQueue(found.queue_id), None
            if found is None or not found.reachable or talk.has(found.id):
                raise NobodyThere
            return ToExtension(found.extension), found
        if arguments.get("queue_id"):
            queue_id = UUID(str(arguments["queue_id"]))
            if not await talks.reader.queue_exists(enterprise_id, queue_id):
                raise NobodyThere
            return ToQueue(queue_id), None
        number = parse_number(str(arguments.get("number") or "")).digits
        if not number or not may_be_called(number):
            raise NumberForbidden
        if not await talks.reader.number_is_approved(enterprise_id, number):
            raise NumberForbidden("only approved numbers can be transferred to")
        return ToNumber(number), None
    except DatabaseAway as away:
        raise NotNow("the database is not reachable now") from away


async def _is_ready(talk: Talk, agent: AgentFacts) -> bool:
    try:
        now = await talk.ctx.parts.talks.presence.get(agent.id)
    except DatabaseAway:
        return True
    return now is not None and now.state == "ready" and now.call_id is None


async def _takes_callers(talk: Talk, queue_id: UUID) -> bool:
    """Whether a caller who is sent there has anything to wait for."""
    now = talk.ctx.parts.clock.now()
    try:
        return await talk.ctx.parts.talks.reader.queue_takes_callers(queue_id, now)
    except DatabaseAway:
        return True


async def _claimed(talk: Talk, agent: AgentFacts) -> bool:
    ctx = talk.ctx
    try:
        return await ctx.parts.talks.presence.claim(agent.id, ctx.log.call_id, None, ctx.call.node)
    except DatabaseAway:
        return True


async def _member_claimed(talk: Talk, queue_id: UUID) -> AgentFacts | None:
    ctx = talk.ctx
    try:
        return await claim_member(ctx.parts.talks, ctx.log.call_id, queue_id, ctx.call.node)
    except DatabaseAway:
        return None


async def _drop_consultation(talk: Talk) -> None:
    consultation, talk.consultation = talk.consultation, None
    if consultation is not None:
        await consultation.abandon()


def _note(talk: Talk, leg: int, goal: Goal) -> None:
    to, target = named(goal)
    now = talk.ctx.parts.clock.now()
    talk.ctx.log.append(Transferred(at=now, leg=leg, how=BLIND, to=to, target=target))
