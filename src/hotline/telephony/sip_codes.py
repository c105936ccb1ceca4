"""SIP statuses and Q.850 causes, and what they mean for a leg that ended with them."""

from __future__ import annotations

from typing import Final

from hotline.telephony.port import LegResult

_CAUSE_OF_SIP: Final = {
    401: 21, 403: 21, 404: 1, 407: 21, 408: 18, 410: 1, 480: 19, 484: 28, 485: 1, 486: 17,
    488: 58, 500: 38, 502: 27, 503: 34, 504: 102, 600: 17, 603: 21, 604: 1, 606: 58,
}  # fmt: skip
"""RFC 3398 §7.2.6.1, in Asterisk's reading of it."""
_SIP_OF_CAUSE: Final = {
    1: 404, 3: 404, 17: 486, 18: 408, 19: 480, 21: 403, 22: 410, 27: 502, 28: 484, 31: 480,
    34: 503, 38: 500, 41: 503, 58: 488,
}  # fmt: skip
_RESULT_OF_SIP: Final = {
    486: LegResult.BUSY,
    600: LegResult.BUSY,
    408: LegResult.NO_ANSWER,
    401: LegResult.REJECTED,
    403: LegResult.REJECTED,
    407: LegResult.REJECTED,
    603: LegResult.REJECTED,
}


def cause_of_sip(code: int) -> int:
    """The Q.850 cause of a final status; 127 (interworking) where no other fits."""
    if 300 <= code < 400:
        return 23
    return _CAUSE_OF_SIP.get(code, 34 if 500 <= code < 600 else 127)


def sip_of_cause(cause: int) -> int:
    """The final status that refuses an INVITE for that cause."""
    return _SIP_OF_CAUSE.get(cause, 603)


def result_of_sip(code: int) -> LegResult:
    """What a final status other than 2xx means for a leg."""
    return _RESULT_OF_SIP.get(code, LegResult.UNREACHABLE)
