"""The switch's static dialplan.

A call enters at ``from-carrier`` and waits in Stasis for the controller. A plain forward leaves
Stasis by ``continue`` into one extension of ``hl-connect``, chosen so that only the steps it
needs are there, and comes back into Stasis with the result as arguments. What is to be dialled and
played is either in a file whose name is part of the extension (``plans.py``), or set on the channel
before.

Meanwhile it writes what happens into the journal, a file a day, one line each, fields joined by
``|``. The first field is the line's form, the second the caller's channel:

- ``d``, time: the phone is dialled
- ``u``, time, channel, channel's name, milliseconds it rang: the two are put through
- ``3`` and what ``_ended`` says: the call has ended, whatever ended it
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hotline.telephony.asterisk.safe_values import checked_path, media_path

RETURNED = "returned"
"""First Stasis argument of a call that comes back from ``hl-connect``."""
CONNECT_CONTEXT = "hl-connect"
ALONE_CONTEXT = "hl-alone"
REPEATED_CONTEXT = "hl-repeated"
"""Where a call goes that is another's INVITE again: it ends, and leaves no journal line."""
STOP_CONTEXT = "hl-stop"
"""Extension: the channel whose greeting or ringing shall end; it then comes back as ``STOPPED``."""
STOPPED = "STOPPED"
"""Stands where Dial's status would, of a forward that was cancelled."""
TALKING_SUB, WHISPER_SUB = "hl-up", "hl-whisper"
"""What the called party's channel runs when it has answered."""
ACCOUNT_CONTEXT = "from-account"
"""Where calls that SIP devices dial come in."""
INCOMING_CONTEXTS = frozenset({"from-carrier", CONNECT_CONTEXT, ALONE_CONTEXT})

ARRIVED = "HL_AT"
ANSWERED = "HL_ANS"
DIALLED = "HL_DT"
TALKING_SINCE = "HL_UP"
TARGET = "HL_T"
RECORDED = "HL_RN"
"""The file's name without folder and suffix, where the extension does not say it."""
CALLER = "CALLERID(ani-num)"
"""The caller's number as it came; a forward may show another in ``CALLERID(num)``."""
PRESENTATION = "CALLERID(ani-num-pres)"
"""Whether that number may be shown; first Stasis argument of a new call."""
_PROHIBITED = "prohib"
"""How it begins where the caller withholds the number: ``Privacy: id`` and the like of RFC 3325."""

WITH_PLAN, WITHOUT_PLAN = "p", "x"
"""How extensions of ``hl-connect`` begin. With a plan they go on, after the kind, with the name of
the plan's file, and with that of the recording where there is one."""
PLANS_FOLDER = "plans"
"""Within the journal's."""
PLAN_NAME_LENGTH = 16
_STALE = (DIALLED, TALKING_SINCE, "DIALSTATUS", "RINGTIME_MS", "PROGRESSTIME_MS")
"""What a forward leaves on the channel and the next must not find."""

NOW = "${STRFTIME(,UTC,%s.%3q)}"
JOURNAL_ENDING = ".journal"
"""Of its files; each is named by its day (UTC), ``YYYYMMDD``."""
DIALLING_FORM, TALKING_FORM, ENDED_FORM = "d", "u", "3"


def _rang(variable: str) -> str:
    """When it rang or sent what it says, in milliseconds after dialling; empty before.

    ``variable``: how one of the caller's channel is read, with ``{}`` for its name.
    """
    ringing, early = (
        f"${{{variable.format(name)}}}" for name in ("RINGTIME_MS", "PROGRESSTIME_MS")
    )
    return f"${{IF($[${{LEN({ringing})}}>0]?{ringing}:{early})}}"


RANG = _rang("{}")
CONTROLLER_TRIES = 4
"""How often a call looks for a controller, a second apart, before it hears the notice."""
RETURN_TRIES = 20
"""The same for a call that nobody has answered yet."""


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


def is_withheld(presentation: str) -> bool:
    """Whether the caller, by the value of ``PRESENTATION``, does not want the number shown."""
    return presentation.startswith(_PROHIBITED)


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
            *_on_callee(settings),
            *_stopping(),
        ]
    )


def _incoming(settings: DialplanSettings) -> list[str]:
    """To the controller; without one, look for it again, then tell the caller and hang up.

    All under the dialled number: by it the controller knows what was called.
    """
    into_stasis = f"Stasis({settings.app},${{{PRESENTATION}}}"
    bye_if_served = ' same => n,GotoIf($["${STASISSTATUS}"!="FAILED"]?bye)'
    return [
        "[from-carrier]",
        f"exten => _[0-9a-zA-Z+*#]!,1,{into_stasis}{_note(ARRIVED)})",
        bye_if_served,
        " same => n,Set(HL_TRY=1)",
        " same => n,Ringing()",
        " same => n(again),Wait(1)",
        f" same => n,{into_stasis})",
        bye_if_served,
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
        f"exten => _[0-9a-zA-Z+*#]!,1,Set({TARGET}=PJSIP/${{CHANNEL(endpoint)}})",
        f" same => n,Stasis({settings.app})",
        ' same => n,GotoIf($["${STASISSTATUS}"!="FAILED"]?bye)',
        " same => n,Answer()",
        " same => n,Wait(0.5)",
        f" same => n,Playback({media_path(settings.notice)})",
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
        f" same => n,GotoIf($[${{STAT(e,{checked_path(settings.notice)})}}=0]?tone)",
        f" same => n,Set({ANSWERED}={_keep(ANSWERED)})",
        " same => n,Answer()",
        " same => n,Wait(0.5)",
        f" same => n,Playback({media_path(settings.notice)})",
        " same => n,Hangup(38)",
        " same => n(tone),Progress()",
        " same => n,PlayTones(congestion)",
        " same => n,Wait(5)",
        " same => n,Hangup(38)",
        "exten => bye,1,Hangup()",
        *_ended(settings),
        "",
    ]


def planned(kind: str) -> tuple[str, ...]:
    """The variables that a forward of that kind needs, in the order in which a plan has them.

    ``kind`` is put together of ``g`` (greets) or ``a`` (answers), ``c`` (shows another number)
    and ``r`` (is recorded), and ``1`` for a call's first forward or ``2``.
    """
    names: tuple[str, ...] = (TARGET, "HL_S", "HL_O", "HL_U")
    names += ("HL_P",) if "g" in kind else ()
    names += ("HL_N", "HL_M") if "c" in kind else ()
    return names + (("HL_RF", "HL_RE") if "r" in kind else ())


def _connect(settings: DialplanSettings) -> list[str]:
    lines = [f"[{CONNECT_CONTEXT}]"]
    for greet in ("", "a", "g"):
        for shown in ("", "c"):
            for record in ("", "r"):
                for turn in ("1", "2"):
                    for begins in (WITH_PLAN, WITHOUT_PLAN):
                        lines += _connect_variant(settings, begins, greet + shown + record + turn)
    stopped = f"{RETURNED},{STOPPED},0,{_TIMES}"
    lines += [
        "exten => stopped,1,StopMixMonitor()",
        f" same => n,Stasis({settings.app},{stopped})",
        f" same => n,Set(HL_RESULT={stopped})",
        f" same => n,Goto({ALONE_CONTEXT},{RETURNED},1)",
    ]
    return [*lines, *_ended(settings), ""]


def _connect_variant(settings: DialplanSettings, begins: str, kind: str) -> list[str]:
    name = begins + kind
    with_plan = begins == WITH_PLAN
    steps = []
    if "g" in kind or "a" in kind:
        # Who has answered before has it noted already.
        noted = f"${{{_setting(ANSWERED, _keep(ANSWERED))}:0:0}}"
        steps.append(f"Playback({noted}${{HL_P}})" if "g" in kind else f"Answer({noted})")
    if "c" in kind:
        steps.append(
            "MSet(CALLERID(num)=${HL_N},CALLERID(name)=${HL_M},CALLERID(num-pres)=allowed,"
            "CALLERID(name-pres)=allowed)"
        )
    if "r" in kind:
        file = f"EXTEN:{len(name) + PLAN_NAME_LENGTH}" if with_plan else RECORDED
        steps.append(f"MixMonitor(${{HL_RF}}${{{file}}}${{HL_RE}})")
    if "2" in kind:
        steps.append("HangupCauseClear()")
    told = _tell(settings, f"{DIALLING_FORM}|${{UNIQUEID}}|{_noted(DIALLED)}")
    connected = "U(${HL_U}^${UNIQUEID})"
    steps.append(f"Dial(${{{TARGET}}},${{HL_S}},${{HL_O}}{connected}{told})")
    if "r" in kind:
        steps.append("StopMixMonitor()")
    result = f"{RETURNED},${{DIALSTATUS}},${{HANGUPCAUSE}},{_TIMES},{_tech_cause()}"
    steps.append(f"Stasis({settings.app},{result})")
    steps.append(f"Set(HL_RESULT={result})")
    steps.append(f"Goto({ALONE_CONTEXT},{RETURNED},1)")
    before = _forget_the_last() if "2" in kind else ""
    if with_plan:
        before += _take_plan(settings, name)
    # What comes first is said in the first step's argument: a step of its own costs.
    first, *others = (steps[0].replace("(", f"({before}", 1), *steps[1:])
    extension = f"_{name}!" if with_plan else name
    return [f"exten => {extension},1,{first}", *(f" same => n,{step}" for step in others)]


def _forget_the_last() -> str:
    """Nothing, but when it is read what the forward before has left is gone."""
    names = ",".join(_STALE)
    return f"${{{_setting(f'ARRAY({names})', '')}:0:0}}"


def _take_plan(settings: DialplanSettings, name: str) -> str:
    """Nothing, but when it is read the variables of the extension's plan are there."""
    file = f"${{EXTEN:{len(name)}:{PLAN_NAME_LENGTH}}}"
    plan = f"${{FILE({checked_path(settings.journal)}/{PLANS_FOLDER}/{file})}}"
    names = ",".join(planned(name[1:]))
    return f"${{{_setting(f'ARRAY({names})', plan)}:0:0}}"


# DIALEDTIME is how long the *caller's* channel had been there when the talk ended.
_TIMES = f"${{{DIALLED}}},{RANG},${{{ARRIVED}}},${{{TALKING_SINCE}}},${{DIALEDTIME_MS}}"


def _tech_cause() -> str:
    """``channel:SIP 486 …`` of the leg dialled last, or ``:`` where there was none.

    Whoever asks for the cause of a leg that never was makes the switch warn. IF only names what is
    read; so it reads one of two, not both. The reason phrase is the other side's text, hence
    filtered.
    """
    channel = "${HANGUPCAUSE_KEYS()}"
    name = f"${{IF($[${{LEN({channel})}}>0]?HANGUPCAUSE({channel},tech):HL_NONE)}}"
    return f"{channel}:${{FILTER(A-Za-z0-9 ,${{{name}}})}}"


def _stopping() -> list[str]:
    """ARI has no word for a channel that the dialplan has; a channel of its own tells it."""
    return [
        f"[{STOP_CONTEXT}]",
        f'exten => _[0-9A-Za-z]!,1,GotoIf($["${{IMPORT(${{EXTEN}},{TALKING_SINCE})}}"!=""]?over,1)',
        f" same => n,ChannelRedirect(${{EXTEN}},{CONNECT_CONTEXT},stopped,1)",
        " same => n,Hangup()",
        "exten => over,1,Hangup()",
        "",
        f"[{REPEATED_CONTEXT}]",
        "exten => s,1,Hangup(21)",
        "",
    ]


def _on_callee(settings: DialplanSettings) -> list[str]:
    """Run on the called party's channel when it has answered, before the two are connected; the
    last argument is the caller's channel."""

    def told(caller: str) -> str:
        since = _noted(f"MASTER_CHANNEL({TALKING_SINCE})")
        rang = _rang("MASTER_CHANNEL({})")
        line = f"{TALKING_FORM}|{caller}|{since}|${{UNIQUEID}}|${{CHANNEL(name)}}|{rang}"
        return f"Return({_tell(settings, line)})"

    return [
        f"[{TALKING_SUB}]",
        f"exten => s,1,{told('${ARG1}')}",
        "",
        f"[{WHISPER_SUB}]",
        "exten => s,1,Playback(${ARG1})",
        f" same => n,{told('${ARG2}')}",
        "",
    ]


def _ended(settings: DialplanSettings) -> list[str]:
    """One journal line, in one step, for each incoming call that ends; ``journal.py`` reads it."""
    fields = (
        ENDED_FORM,
        "${UNIQUEID}",
        # The other side's text may hold the separator.
        "${FILTER(0-9A-Za-z+*#,${CALLERID(dnid)})}",
        _unless_withheld(f"${{FILTER(0-9A-Za-z+*#._,${{{CALLER}}})}}"),
        "${CHANNEL(name)}",
        f"${{{ARRIVED}}}",
        f"${{{ANSWERED}}}",
        NOW,
        "${HANGUPCAUSE}",
        "${CHANNEL(hangupsource)}",
        "${HL_UNSERVED}",
        f"${{{TARGET}}}",
        f"${{{DIALLED}}}",
        "${DIALSTATUS}",
        RANG,
        f"${{{TALKING_SINCE}}}",
        "${DIALEDTIME_MS}",
        _tech_cause(),
    )
    return [f"exten => h,1,Set({_journal(settings)}={'|'.join(fields)})"]


def _journal(settings: DialplanSettings) -> str:
    """What to set to append a line."""
    folder = checked_path(settings.journal)
    return f"FILE({folder}/${{STRFTIME(,UTC,%Y%m%d)}}{JOURNAL_ENDING},,,al,u)"


def _tell(settings: DialplanSettings, line: str) -> str:
    """Nothing, but when it is read the line is written."""
    return f"${{{_setting(_journal(settings), line)}:0:0}}"


def _noted(variable: str) -> str:
    """The time; when it is read the variable gets it, too."""
    return f"${{{_setting(variable, NOW)}}}"


def _note(variable: str) -> str:
    """Nothing, but when it is read the variable gets the time: a step of its own costs."""
    return f"${{{_setting(variable, NOW)}:0:0}}"


def _setting(variable: str, value: str) -> str:
    """The function that sets a variable where it is read."""
    return f"SET({variable}={value})"


def _unless_withheld(text: str) -> str:
    """``text``, or nothing where the caller withholds the number."""
    start = f"${{{PRESENTATION}:0:{len(_PROHIBITED)}}}"
    return f'${{IF($["{start}"="{_PROHIBITED}"]?:{text})}}'


def _keep(variable: str) -> str:
    """Its value where it has one, else the time now."""
    return f"${{IF($[${{LEN(${{{variable}}})}}>0]?${{{variable}}}:{NOW})}}"
