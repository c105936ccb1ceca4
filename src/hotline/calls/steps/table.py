"""The one table of what each kind of node does."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hotline.calls.flow import Stage
from hotline.calls.steps.agents import extension, queue
from hotline.calls.steps.asking import collect, menu, password
from hotline.calls.steps.deciding import (
    caller_list,
    condition,
    http,
    region,
    schedule,
    set_variables,
    split,
)
from hotline.calls.steps.leaving_word import survey, voicemail
from hotline.calls.steps.reaching import group, transfer
from hotline.calls.steps.saying import announce, hangup, play

STAGES: Final[Mapping[str, Stage]] = MappingProxyType(
    {
        "play": Stage(play, says_pending=False),
        "announce": Stage(announce, says_pending=False),
        "menu": Stage(menu),
        "collect": Stage(collect),
        "password": Stage(password),
        "schedule": Stage(schedule, says_pending=False),
        "region": Stage(region, says_pending=False),
        "split": Stage(split, says_pending=False),
        "caller_list": Stage(caller_list, says_pending=False),
        "condition": Stage(condition, says_pending=False),
        "set": Stage(set_variables, says_pending=False),
        "http": Stage(http),
        "group": Stage(group, says_pending=False),
        "transfer": Stage(transfer, says_pending=False),
        "voicemail": Stage(voicemail, says_pending=False),
        "survey": Stage(survey, says_pending=False),
        "extension": Stage(extension, says_pending=False),
        "queue": Stage(queue, says_pending=False),
        "hangup": Stage(hangup),
    }
)
WALKED: Final = frozenset({*STAGES, "subflow", "return"})
"""The kinds that calls can come to; subflow and return are the interpreter's own."""
