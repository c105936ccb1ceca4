"""How a :class:`ConnectPlan` and its parts are handed to the dialplan, as variables of a channel.

All values are checked, by allow-lists: nothing reaches the dialplan that it could take for its own
language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hotline.telephony.asterisk.dialplan import (
    RECORDED,
    TALKING_SUB,
    TARGET,
    WHISPER_SUB,
    WITHOUT_PLAN,
    planned,
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


@dataclass(frozen=True, slots=True)
class Packed:
    """A forward as the dialplan wants it."""

    kind: str
    """See ``dialplan.planned``."""
    variables: dict[str, str]
    """Those of its kind, in their order; the same for the same plan, whoever calls."""
    recorded: str
    """The name of the recording's file, without folder and suffix; empty without one."""

    @property
    def extension(self) -> str:
        """The extension for a channel on which all that :meth:`to_set` says is set."""
        return WITHOUT_PLAN + self.kind

    def to_set(self) -> dict[str, str]:
        """What to set, as one variable that sets all: for each that it is handed the switch waits
        until the channel's own thread has set it, and takes no other command meanwhile."""
        variables = {**self.variables, RECORDED: self.recorded}
        return {f"ARRAY({','.join(variables)})": listed(variables.values())}


def pack(plan: ConnectPlan, *, shown: CallerId, first: bool) -> Packed:
    """Put ``plan`` into variables. Raises UnsafeValueError.

    ``shown`` is what the caller's channel shows as it is, ``first`` whether this is the call's
    first forward.
    """
    kind = ""
    values = {
        TARGET: dial_string(plan.target),
        "HL_S": f"{max(1, round(plan.ring_timeout))}",
        "HL_O": _options(plan),
        "HL_U": _on_answer(plan),
    }
    if plan.before:
        kind += "g"
        values["HL_P"] = join_media(plan.before)
    elif plan.music is not None:
        kind += "a"
    if plan.caller_id != shown:
        kind += "c"
        values["HL_N"] = checked(NUMBER, plan.caller_id.number, "caller id")
        values["HL_M"] = display(plan.caller_id.name)
    recorded = ""
    if plan.record is not None:
        kind += "r"
        recorded = plan.record.path.stem
        values["HL_RF"], values["HL_RE"] = _recording(plan.record)
    kind += "1" if first else "2"
    return Packed(kind, {name: values[name] for name in planned(kind)}, recorded)


def listed(values: Iterable[str]) -> str:
    """``values`` as ``ARRAY`` takes them apart again."""
    return ",".join(_SPLITTING.sub(r"\\\g<0>", value) for value in values)


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


def _options(plan: ConnectPlan) -> str:
    # i: a 302 would let whoever answers choose where we dial, at our cost.
    options = "giI"  # I: who answers is not told to the caller's side
    if plan.music is not None:
        options += f"m({checked(NAME, plan.music, 'music class')})"
    if plan.max_talk is not None:
        options += f"S({max(1, round(plan.max_talk))})"
    return options


def _on_answer(plan: ConnectPlan) -> str:
    """What the called party's channel runs when it has answered; its last argument, the caller's
    channel, is missing."""
    return f"{WHISPER_SUB}^{join_media(plan.whisper)}" if plan.whisper else TALKING_SUB


def _recording(spec: RecordSpec) -> tuple[str, str]:
    """What is before and after the name of the file."""
    path = checked_path(spec.path)
    folder, suffix = path.removesuffix(spec.path.name), spec.path.suffix
    if spec.what is RecordWhat.FROM_PARTY:
        return f",br({folder}", f"{suffix})"
    if spec.what is RecordWhat.TO_PARTY:
        return f",bt({folder}", f"{suffix})"
    if spec.what is RecordWhat.STEREO:
        return folder, f"{suffix},bD"
    return folder, f"{suffix},b"
