"""The switch's static dialplan, and how a :class:`ConnectPlan` is handed to it.

A call enters at ``from-carrier`` and waits in Stasis for the controller. A plain forward leaves
Stasis by ``continue`` into one extension of ``hl-connect``, chosen so that only the steps it
needs are there, and comes back into Stasis with the result as arguments. Whatever ends a call,
the ``h`` extension writes one journal line. All values are checked here, by allow-lists: nothing
reaches the dialplan that it could take for its own language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hotline.kit.errors import InvalidError
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

RETURNED = "returned"
"""First Stasis argument of a call that comes back from ``hl-connect``."""
CONNECT_CONTEXT = "hl-connect"
MONITOR, UNMONITOR = "monitor", "unmonitor"
"""Extensions of CONNECT_CONTEXT that begin and end a recording of the channel."""
ALONE_CONTEXT = "hl-alone"
REPEATED_CONTEXT = "hl-repeated"
"""Where a call goes that is another's INVITE again: it ends, and leaves no journal line."""
STOP_CONTEXT = "hl-stop"
"""Extension: the channel whose greeting shall end; it then comes back as ``STOPPED``."""
STOPPED = "STOPPED"
"""Stands where Dial's status would, of a forward that was cancelled before it dialled."""
ACCOUNT_CONTEXT = "from-account"
"""Where calls that SIP devices dial come in."""
INCOMING_CONTEXTS = frozenset({"from-carrier", CONNECT_CONTEXT, ALONE_CONTEXT})

ARRIVED = "HL_AT"
ANSWERED = "HL_ANS"
DIALLED = "HL_DT"
TALKING_SINCE = "HL_UP"
TARGETS = "HL_T"

NOW = "${STRFTIME(,UTC,%s.%3q)}"
CONTROLLER_TRIES = 4
"""How often a call looks for a controller, a second apart, before it hears the notice."""
RETURN_TRIES = 20
"""The same for a call that nobody has answered yet."""

_NUMBER = re.compile(r"\+?[0-9*#]{1,32}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_HEADER = re.compile(r"X-[A-Za-z0-9-]{1,40}")
_HEADER_VALUE = re.compile(r"[^\x00-\x1f\x7f]{0,200}")
_VARIABLE = re.compile(r"[A-Z0-9_]+")
_PATH = re.compile(r"/[A-Za-z0-9_./+=@~-]+")


class UnsafeValueError(InvalidError):
    error_id = "unsafe-dial-value"
    title = "This cannot be given to the switch"


@dataclass(frozen=True, slots=True, kw_only=True)
class DialplanSettings:
    """``sounds`` has the prompts, ``journal`` is the folder the switch writes its journal to."""

    sounds: Path
    journal: Path
    app: str = "hotline"

    @property
    def notice(self) -> Path:
        """What a caller hears when no controller is there."""
        return self.sounds / "no_controller.alaw"


# ---------------------------------------------------------------- the static part


def extensions_conf(settings: DialplanSettings) -> str:
    """The whole of ``extensions.conf``."""
    return "\n".join(
        [
            "[general]",
            "static=yes",
            "writeprotect=yes",
            "clearglobalvars=no",
            "",
            *_incoming(settings),
            *_devices(settings),
            *_alone(settings),
            *_connect(settings),
            *_on_callee(),
            *_stopping(),
        ]
    )


def _incoming(settings: DialplanSettings) -> list[str]:
    """To the controller; without one, look for it again, then tell the caller and hang up.

    All under the dialled number: by it the controller knows what was called.
    """
    into_stasis = [
        f" same => n,Stasis({settings.app})",
        ' same => n,GotoIf($["${STASISSTATUS}"!="FAILED"]?bye)',
    ]
    return [
        "[from-carrier]",
        f"exten => _[0-9a-zA-Z+*#]!,1,Set({ARRIVED}={NOW})",
        *into_stasis,
        " same => n,Set(HL_TRY=1)",
        " same => n,Ringing()",
        " same => n(again),Wait(1)",
        *into_stasis,
        " same => n,Set(HL_TRY=$[${HL_TRY}+1])",
        f" same => n,GotoIf($[${{HL_TRY}}<{CONTROLLER_TRIES}]?again)",
        " same => n,Set(HL_UNSERVED=1)",
        f" same => n,Goto({ALONE_CONTEXT},notice,1)",
        " same => n(bye),Hangup()",
        *_ended(settings),
        "",
    ]


def _devices(settings: DialplanSettings) -> list[str]:
    """To the controller, which rings whom the device has dialled."""
    return [
        f"[{ACCOUNT_CONTEXT}]",
        f"exten => _[0-9a-zA-Z+*#]!,1,Set({TARGETS}=PJSIP/${{CHANNEL(endpoint)}})",
        f" same => n,Stasis({settings.app})",
        ' same => n,GotoIf($["${STASISSTATUS}"!="FAILED"]?bye)',
        " same => n,Answer()",
        " same => n,Wait(0.5)",
        f" same => n,Playback({_without_suffix(settings.notice)})",
        " same => n(bye),Hangup()",
        "",
    ]


def _alone(settings: DialplanSettings) -> list[str]:
    """Back from a forward without a controller: look for it, then tell the caller and hang up."""
    again = f"Stasis({settings.app}"
    return [
        f"[{ALONE_CONTEXT}]",
        f"exten => {RETURNED},1,Set(HL_TRY=1)",
        " same => n(again),Wait(1)",
        f" same => n,{again},${{HL_RESULT}})",
        ' same => n,GotoIf($["${STASISSTATUS}"!="FAILED"]?bye,1)',
        " same => n,Set(HL_TRY=$[${HL_TRY}+1])",
        f' same => n,GotoIf($["${{DIALSTATUS}}"="ANSWER"&${{HL_TRY}}>={CONTROLLER_TRIES}]?bye,1)',
        f" same => n,GotoIf($[${{HL_TRY}}<{RETURN_TRIES}]?again)",
        " same => n,Goto(notice,1)",
        "exten => notice,1,NoOp()",
        f" same => n,GotoIf($[${{STAT(e,{_checked_path(settings.notice)})}}=0]?tone)",
        f" same => n,Set({ANSWERED}={_keep(ANSWERED)})",
        " same => n,Answer()",
        " same => n,Wait(0.5)",
        f" same => n,Playback({_without_suffix(settings.notice)})",
        " same => n,Hangup(38)",
        " same => n(tone),Progress()",
        " same => n,PlayTones(congestion)",
        " same => n,Wait(5)",
        " same => n,Hangup(38)",
        "exten => bye,1,Hangup()",
        *_ended(settings),
        "",
    ]


def _connect(settings: DialplanSettings) -> list[str]:
    lines = [f"[{CONNECT_CONTEXT}]"]
    for greet in ("", "a", "g"):
        for shown in ("", "c"):
            for record in ("", "r"):
                for count in ("1", "n"):
                    lines += _connect_variant(settings, greet, shown, record, count)
    stopped = f"{RETURNED},{STOPPED},0"
    lines += [
        "exten => stopped,1,StopMixMonitor()",
        f" same => n,Stasis({settings.app},{stopped})",
        f" same => n,Set(HL_RESULT={stopped})",
        f" same => n,Goto({ALONE_CONTEXT},{RETURNED},1)",
    ]
    for name, step in (
        (MONITOR, "MixMonitor(${HL_MON})"),
        (UNMONITOR, "StopMixMonitor(${${HL_MON}})"),
    ):
        lines += _there_and_back(settings, name, step)
    return [*lines, *_ended(settings), "", *_causes()]


def _there_and_back(settings: DialplanSettings, name: str, step: str) -> list[str]:
    return [
        f"exten => {name},1,{step}",
        f" same => n,Stasis({settings.app},{RETURNED})",
        f" same => n,Set(HL_RESULT={RETURNED})",
        f" same => n,Goto({ALONE_CONTEXT},{RETURNED},1)",
    ]


def _connect_variant(
    settings: DialplanSettings, greet: str, shown: str, record: str, count: str
) -> list[str]:
    steps = []
    if greet:
        steps.append(f"Set({ANSWERED}={_keep(ANSWERED)})")
        steps.append("Playback(${HL_P})" if greet == "g" else "Answer()")
    if shown:
        steps.append(
            "MSet(CALLERID(num)=${HL_N},CALLERID(name)=${HL_M},CALLERID(num-pres)=allowed,"
            "CALLERID(name-pres)=allowed)"
        )
    if record:
        steps.append("MixMonitor(${HL_R})")
    if count == "n":
        steps += ["HangupCauseClear()", "Set(HL_MANY=1)"]
    steps.append(f"Set({DIALLED}={NOW})")
    steps.append(f"Dial(${{{TARGETS}}},${{HL_S}},${{HL_O}})")
    if record:
        steps.append("StopMixMonitor()")
    if count == "n":
        steps.append("Gosub(hl-causes,s,1)")
    result = f"{RETURNED},{_RESULT},{_CAUSES_OF_MANY if count == 'n' else _CAUSES_OF_ONE}"
    steps.append(f"Stasis({settings.app},{result})")
    steps.append(f"Set(HL_RESULT={result})")
    steps.append(f"Goto(hl-alone,{RETURNED},1)")
    name = f"x{greet}{shown}{record}{count}"
    first, *others = steps
    return [f"exten => {name},1,{first}", *(f" same => n,{step}" for step in others)]


# ANSWEREDTIME is how long the *caller's* channel was up, which is the talk where we did not
# answer before; for the others hl-up notes the time.
_TIMES = f"${{{DIALLED}}},${{RINGTIME_MS}},${{{TALKING_SINCE}}},${{ANSWEREDTIME_MS}}"
_RESULT = "${DIALSTATUS},${HANGUPCAUSE}," + _TIMES


def _tech_cause(channel: str) -> str:
    """``channel:SIP 486 …``. The reason phrase is the other side's text, hence filtered."""
    return f"{channel}:${{FILTER(A-Za-z0-9 ,${{HANGUPCAUSE({channel},tech)}})}}"


_CAUSES_OF_ONE = _tech_cause("${HANGUPCAUSE_KEYS()}")
_CAUSES_OF_MANY = "${HL_C}"


def _causes() -> list[str]:
    """Collects channel:cause:text of each leg, joined by ``;``, into HL_C."""
    return [
        "[hl-causes]",
        "exten => s,1,Set(HL_C=)",
        " same => n,Set(HL_K=${HANGUPCAUSE_KEYS()})",
        ' same => n(next),GotoIf($["${HL_K}"=""]?done)',
        " same => n,Set(HL_1=${SHIFT(HL_K)})",
        f" same => n,Set(HL_C=${{HL_C}}\\;{_tech_cause('${HL_1}')})",
        " same => n,Goto(next)",
        " same => n(done),Return()",
        "",
    ]


def _stopping() -> list[str]:
    """ARI has no word for a channel that the dialplan has; a channel of its own tells it."""
    return [
        f"[{STOP_CONTEXT}]",
        f'exten => _[0-9A-Za-z]!,1,GotoIf($["${{IMPORT(${{EXTEN}},{DIALLED})}}"!=""]?over,1)',
        f" same => n,ChannelRedirect(${{EXTEN}},{CONNECT_CONTEXT},stopped,1)",
        " same => n,Hangup()",
        "exten => over,1,Hangup()",
        "",
        f"[{REPEATED_CONTEXT}]",
        "exten => s,1,Hangup(21)",
        "",
    ]


def _on_callee() -> list[str]:
    """Run on the called party's channel when it has answered, before the two are connected."""
    note = f"Set(MASTER_CHANNEL({TALKING_SINCE})={NOW})"
    return [
        "[hl-up]",
        f"exten => s,1,{note}",
        " same => n,Return()",
        "",
        "[hl-whisper]",
        "exten => s,1,Playback(${ARG1})",
        f" same => n,{note}",
        " same => n,Return()",
        "",
    ]


def _ended(settings: DialplanSettings) -> list[str]:
    """One journal line for each incoming call that ends; ``journal.py`` reads it."""
    folder = _checked_path(settings.journal)
    file = f"FILE({folder}/${{STRFTIME(,UTC,%Y%m%d)}}.journal,,,al,u)"
    always = (
        "1",
        "${UNIQUEID}",
        # The other side's text may hold the separator.
        "${FILTER(0-9A-Za-z+*#,${CALLERID(dnid)})}",
        "${FILTER(0-9A-Za-z+*#._,${CALLERID(ani-num)})}",
        "${CHANNEL(name)}",
        f"${{{ARRIVED}}}",
        f"${{{ANSWERED}}}",
        NOW,
        "${HANGUPCAUSE}",
        "${CHANNEL(hangupsource)}",
        "${HL_UNSERVED}",
    )
    dialled = (
        f"${{{TARGETS}}}",
        f"${{{DIALLED}}}",
        "${DIALSTATUS}",
        "${RINGTIME_MS}",
        f"${{{TALKING_SINCE}}}",
        "${ANSWEREDTIME_MS}",
        "${DIALEDPEERNUMBER}",
        _tech_cause("${IF($[${LEN(${HL_MANY})}>0]?${DIALEDPEERNAME}:${HANGUPCAUSE_KEYS()})}"),
    )
    return [
        f"exten => h,1,GotoIf($[${{LEN(${{{DIALLED}}})}}>0]?dialled)",
        f" same => n,Set({file}={'|'.join(always)})",
        " same => n,Goto(end)",
        f" same => n(dialled),Set({file}={'|'.join((*always, *dialled))})",
        " same => n(end),NoOp()",
    ]


def _keep(variable: str) -> str:
    """Its value where it has one, else the time now."""
    return f"${{IF($[${{LEN(${{{variable}}})}}>0]?${{{variable}}}:{NOW})}}"


# ---------------------------------------------------------------- a plan, packed


@dataclass(frozen=True, slots=True)
class Packed:
    """What ``continue`` needs: an extension of CONNECT_CONTEXT and the channel's variables."""

    extension: str
    variables: dict[str, str]


def pack(plan: ConnectPlan, *, shown: CallerId, answered: bool, first: bool) -> Packed:
    """Put ``plan`` into variables. Raises UnsafeValueError.

    ``shown`` is what the channel shows as it is, ``answered`` whether the call is answered
    already, ``first`` whether this is the call's first forward.
    """
    music = plan.music
    answered = answered or bool(plan.before) or music is not None
    variables = {
        TARGETS: "&".join(dial_string(target) for target in plan.targets),
        "HL_S": f"{max(1, round(plan.ring_timeout))}",
        "HL_O": _options(plan, answered=answered),
    }
    if not first:
        variables |= {DIALLED: "", TALKING_SINCE: "", "DIALSTATUS": "", "RINGTIME_MS": ""}
    flags = "x"
    if plan.before:
        flags += "g"
        variables["HL_P"] = join_media(plan.before)
    elif music is not None:
        flags += "a"
    if plan.caller_id != shown:
        flags += "c"
        variables["HL_N"] = _checked(_NUMBER, plan.caller_id.number, "caller id")
        variables["HL_M"] = _display(plan.caller_id.name)
    if plan.record is not None:
        flags += "r"
        variables["HL_R"] = _recording(plan.record)
    return Packed(flags + ("1" if first and len(plan.targets) == 1 else "n"), variables)


def dial_string(target: Target) -> str:
    """As ``Dial`` wants it. Raises UnsafeValueError."""
    if isinstance(target, PhoneTarget):
        number = _checked(_NUMBER, target.number, "number")
        return f"PJSIP/{number}@{_checked(_NAME, target.trunk, 'trunk')}"
    return f"PJSIP/{_checked(_NAME, target.account, 'account')}"


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
    variables["CONNECTEDLINE(name,i)"] = _display(name)
    if plan.auto_answer:
        # Desk phones go by one or the other.
        variables["PJSIP_HEADER(add,Call-Info)"] = "<sip:hotline>;answer-after=0"
        variables["PJSIP_HEADER(add,Alert-Info)"] = "<http://hotline>;info=alert-autoanswer;delay=0"
    for header, value in plan.headers.items():
        checked = _checked(_HEADER, header, "header")
        variables[f"PJSIP_HEADER(add,{checked})"] = _checked(_HEADER_VALUE, value, header)
    return variables


def media_path(path: Path) -> str:
    """A prompt as the switch names it: absolute, without suffix. Raises UnsafeValueError."""
    return _without_suffix(path)


def join_media(media: Sequence[Prompt | Silence]) -> str:
    """As ``Playback`` wants it. Silences must have been made prompts before."""
    paths = [media_path(item.path) for item in media if isinstance(item, Prompt)]
    return "&".join(paths)


def _options(plan: ConnectPlan, *, answered: bool) -> str:
    # i: a 302 would let whoever answers choose where we dial, at our cost.
    options = "giI"  # I: who answers is not told to the caller's side
    if plan.music is not None:
        options += f"m({_checked(_NAME, plan.music, 'music class')})"
    if plan.max_talk is not None:
        options += f"S({max(1, round(plan.max_talk))})"
    if plan.whisper:
        options += f"U(hl-whisper^{join_media(plan.whisper)})"
    elif answered:
        options += "U(hl-up)"
    return options


def _recording(spec: RecordSpec) -> str:
    path = _checked_path(spec.path)
    if spec.what is RecordWhat.FROM_PARTY:
        return f",br({path})"
    if spec.what is RecordWhat.TO_PARTY:
        return f",bt({path})"
    if spec.what is RecordWhat.STEREO:
        return f"{path},bD"
    return f"{path},b"


def monitoring(spec: RecordSpec, identity: str) -> dict[str, str]:
    """Variables for MONITOR; the channel's variable ``identity`` is what UNMONITOR needs."""
    path, keeps = _checked_path(spec.path), f"i({_checked(_VARIABLE, identity, 'variable')})"
    of_what = {
        RecordWhat.MIXED: f"{path},{keeps}",
        RecordWhat.STEREO: f"{path},D{keeps}",
        RecordWhat.FROM_PARTY: f",r({path}){keeps}",
        RecordWhat.TO_PARTY: f",t({path}){keeps}",
    }
    return {"HL_MON": of_what[spec.what]}


def _display(name: str) -> str:
    return "".join(c for c in name if c.isalnum() or c in " .-")[:40]


def _without_suffix(path: Path) -> str:
    return _checked_path(path).removesuffix(".alaw")


def _checked_path(path: Path) -> str:
    text = str(path)
    if ".." in text:
        raise UnsafeValueError(f"{text!r} is not a path for the switch")
    return _checked(_PATH, text, "path")


def _checked(pattern: re.Pattern[str], text: str, what: str) -> str:
    if not pattern.fullmatch(text):
        raise UnsafeValueError(f"{text!r} is not a {what} for the switch")
    return text
