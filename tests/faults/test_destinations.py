"""What phones and networks behind a destination do, and what is written down about it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from hotline.telephony.world.carrier import World
from hotline.telephony.world.phones import Phone
from tests.faults.company import RING_SECONDS, line
from tests.faults.site import Record, Site

pytestmark = pytest.mark.xdist_group("faults")

_REFUSALS = {
    400: ("unreachable", 127),
    404: ("unreachable", 1),
    480: ("unreachable", 19),
    486: ("busy", 17),
    488: ("unreachable", 58),
    499: ("unreachable", 127),
    503: ("unreachable", 34),
    600: ("busy", 17),
    603: ("rejected", 21),
    699: ("unreachable", 127),
}
"""SIP status → what the leg's record says: result, Q.850 cause."""


async def reached_second(site: Site, world: World, index: int, within: float = 10) -> Record:
    """Call hotline ``index`` whose first phone is set up to fail; the second one answers."""
    world.phone(line(index).phones[1]).answers(hangs_up_after=0.5)
    call = await world.call(line(index).number, f"138200000{index:02}")
    await call.answered(within)
    await call.ended(within)
    record = await site.record(f"138200000{index:02}")
    assert (record.outcome, record.ended_by) == ("answered", "callee")
    assert record.legs[-1]["target"] == line(index).phones[1]
    assert (record.legs[-1]["result"], record.legs[-1]["sip_code"]) == ("answered", 200)
    assert 0.3 < record.talk_seconds < 2
    return record


def failure(record: Record) -> tuple[str, int | None, int | None]:
    first, _ = record.legs
    assert first["dialled_at"] <= first["ended_at"]
    assert first["answered_at"] is None
    return first["result"], first["sip_code"], first["cause"]


async def test_refusals_lead_to_the_next_destination(site: Site, world: World) -> None:
    async def refuses(index: int, code: int) -> None:
        world.phone(line(index).phones[0]).rejects(code)
        result, cause = _REFUSALS[code]
        assert failure(await reached_second(site, world, index)) == (result, code, cause)

    await asyncio.gather(*(refuses(index, code) for index, code in enumerate(_REFUSALS)))
    await site.at_rest()


async def test_refusals_after_early_audio(site: Site, world: World, voice: Path) -> None:
    async def refuses(index: int, code: int) -> None:
        phone = world.phone(line(index).phones[0]).early_media(voice, then=code, after=0.6)
        result, cause = _REFUSALS[code]
        record = await reached_second(site, world, index)
        assert failure(record) == (result, code, cause)
        assert record.legs[0]["ringing_at"] is not None
        assert len(phone.calls) == 1

    codes = (404, 480, 486, 503, 603)
    await asyncio.gather(*(refuses(index, code) for index, code in enumerate(codes, 12)))
    await site.at_rest()


async def test_phones_that_misbehave(site: Site, world: World, voice: Path) -> None:
    async def never_answers(index: int, phone: Phone) -> None:
        record = await reached_second(site, world, index, 15)
        assert failure(record) == ("no_answer", None, 19)
        rang = record.legs[0]["ended_at"] - record.legs[0]["dialled_at"]
        assert rang.total_seconds() == pytest.approx(RING_SECONDS, abs=1)
        (ringing,) = phone.calls
        assert not (await ringing.ended(1)).by_us

    async def redirects(index: int) -> None:
        elsewhere = world.phone("13900009999")
        world.phone(line(index).phones[0]).redirects()
        assert failure(await reached_second(site, world, index)) == ("unreachable", 302, 23)
        assert elsewhere.calls == ()

    async def drops_at_once(index: int) -> None:
        world.phone(line(index).phones[0]).drops_at_once()
        call = await world.call(line(index).number, f"138200000{index:02}")
        await call.ended()
        record = await site.record(f"138200000{index:02}")
        assert (record.outcome, record.ended_by) == ("answered", "callee")
        assert [leg["result"] for leg in record.legs] == ["answered"]
        assert record.talk_seconds < 1

    await asyncio.gather(
        never_answers(17, world.phone(line(17).phones[0]).never_answers()),
        never_answers(18, world.phone(line(18).phones[0]).early_media(voice)),
        redirects(19),
        drops_at_once(20),
    )
    await site.at_rest()
