"""How a :class:`ConnectPlan` and its parts are handed to the dialplan, as variables.

All values are checked, by allow-lists: nothing reaches the dialplan that it could take for its own
language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hotline.telephony.asterisk.dialplan import (
    ANSWERED,
    DIALLED,
    RECORDED,
    TALKING_SINCE,
    TALKING_SUB,
    TARGET,
    WHISPER_SUB,
)
from hotline.telephony.asterisk.safe_values import (
    HEADER,
    HEADER_VALUE,
    NAME,
    NUMBER,
    checked,
    checked_path,
    display,
    media_path,
)
from hotline.telephony.port import (
    AccountTarget,
    CallerId,
    ConnectPlan,
    DialPlan,
    PhoneTarget,
    Prompt,
    RecordSpec,
    RecordWhat,
    Silence,
    Target,
)

_SPLITTING = re.compile(r'[,\\"()\[\]]')
"""What means something to the switch where it takes a list apart; a backslash before it stays its
meaning."""


_STALE = (DIALLED, TALKING_SINCE, RECORDED, "DIALSTATUS", "RINGTIME_MS", "PROGRESSTIME_MS")
"""What the forward before has left on the channel."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What ``continue`` needs: an extension of CONNECT_CONTEXT and the channel's variables."""

    extension: str
    variables: dict[str, str]


def pack(
    plan: ConnectPlan,
    caller: str,
    *,
    shown: CallerId,
    answered: bool,
    first: bool,
    now: datetime,
) -> Packed:
    """Put ``plan`` into variables. Raises UnsafeValueError.

    ``caller`` is the caller's channel, ``shown`` what it shows as it is, ``answered`` whether the
    call is answered already, ``first`` whether this is the call's first forward.
    """
    music = plan.music
    greeted = bool(plan.before) or music is not None
    variables = {
        TARGET: dial_string(plan.target),
        "HL_S": f"{max(1, round(plan.ring_timeout))}",
        "HL_O": _options(plan, checked(NAME, caller, "channel")),
    }
    if not first:
        variables |= dict.fromkeys(_STALE, "")
    if greeted and not answered:
        # A time that is known beforehand costs the dialplan no step of its own.
        variables[ANSWERED] = f"{now.timestamp():.3f}"
    flags = "x"
    if plan.before:
        flags += "g"
        variables["HL_P"] = join_media(plan.before)
    elif music is not None:
        flags += "a"
    if plan.caller_id != shown:
        flags += "c"
        variables["HL_N"] = checked(NUMBER, plan.caller_id.number, "caller id")
        variables["HL_M"] = display(plan.caller_id.name)
    if plan.record is not None:
        flags += "r"
        variables[RECORDED] = _recording(plan.record)
    return Packed(flags + ("1" if first else "n"), variables)


def at_once(variables: Mapping[str, str]) -> dict[str, str]:
    """``variables`` as one that sets them all: for each that it is handed the switch waits until
    the channel's own thread has set it, and takes no other command meanwhile."""
    values = (_SPLITTING.sub(r"\\\g<0>", value) for value in variables.values())
    return {f"ARRAY({','.join(variables)})": ",".join(values)}


def dial_string(target: Target) -> str:
    """As ``Dial`` wants it. Raises UnsafeValueError."""
    if isinstance(target, PhoneTarget):
        number = checked(NUMBER, target.number, "number")
        return f"PJSIP/{number}@{checked(NAME, target.trunk, 'trunk')}"
    return f"PJSIP/{checked(NAME, target.account, 'account')}"


def target_of(text: str) -> Target:
    """The reverse of :func:`dial_string`."""
    who, _, trunk = text.removeprefix("PJSIP/").partition("@")
    return PhoneTarget(who, trunk) if trunk else AccountTarget(who)


def invite_variables(plan: DialPlan, target: Target) -> dict[str, str]:
    """What to set on a channel that is about to dial ``target``. Raises UnsafeValueError."""
    number, name = plan.caller_id.number, plan.caller_id.name
    variables = {
        "CALLERID(num)": number,
        "CALLERID(name)": name,
        "CONNECTEDLINE(num,i)": number,
    }
    if isinstance(target, PhoneTarget):
        return variables
    variables["CONNECTEDLINE(name,i)"] = display(name)
    if plan.auto_answer:
        # Desk phones go by one or the other.
        variables["PJSIP_HEADER(add,Call-Info)"] = "<sip:hotline>;answer-after=0"
        variables["PJSIP_HEADER(add,Alert-Info)"] = "<http://hotline>;info=alert-autoanswer;delay=0"
    for header, value in plan.headers.items():
        safe = checked(HEADER, header, "header")
        variables[f"PJSIP_HEADER(add,{safe})"] = checked(HEADER_VALUE, value, header)
    return variables


def join_media(media: Sequence[Prompt | Silence]) -> str:
    """As ``Playback`` wants it. Silences must have been made prompts before."""
    paths = [media_path(item.path) for item in media if isinstance(item, Prompt)]
    return "&".join(paths)


def _options(plan: ConnectPlan, caller: str) -> str:
    # i: a 302 would let whoever answers choose where we dial, at our cost.
    options = "giI"  # I: who answers is not told to the caller's side
    if plan.music is not None:
        options += f"m({checked(NAME, plan.music, 'music class')})"
    if plan.max_talk is not None:
        options += f"S({max(1, round(plan.max_talk))})"
    if plan.whisper:
        return f"{options}U({WHISPER_SUB}^{join_media(plan.whisper)}^{caller})"
    return f"{options}U({TALKING_SUB}^{caller})"


def _recording(spec: RecordSpec) -> str:
    path = checked_path(spec.path)
    if spec.what is RecordWhat.FROM_PARTY:
        return f",br({path})"
    if spec.what is RecordWhat.TO_PARTY:
        return f",bt({path})"
    if spec.what is RecordWhat.STEREO:
        return f"{path},bD"
    return f"{path},b"
