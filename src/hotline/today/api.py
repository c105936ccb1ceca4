"""The day so far over HTTP."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Request

from hotline.api.parts import parts_of
from hotline.api.scope import PlatformScope, RequestScope, require, require_platform
from hotline.bulletins.service import Bulletins
from hotline.handling.me import agent_of
from hotline.nodes.rules import TroubleKind
from hotline.nodes.service import site_status
from hotline.queues.api import midnight_before
from hotline.staff.permissions import Permission
from hotline.today.own import OwnDay
from hotline.today.repository import (
    BUSIEST,
    ENTERPRISES,
    HOURS,
    MISSED,
    PLATFORM_HOURS,
    PLATFORM_TOTAL,
    PLATFORM_WAITING,
    TOTAL,
    WAITING,
    rows_of,
)
from hotline.today.schemas import (
    DayFigures,
    EnterpriseDay,
    MissedCaller,
    OwnFigures,
    OwnTask,
    OwnToday,
    OwnWaiting,
    PlatformTask,
    PlatformToday,
    PlatformWaiting,
    Task,
    Today,
    Waiting,
    whole_day,
)

router = APIRouter(tags=["today"])

Reading = Annotated[RequestScope, require(Permission.CALLS_READ)]
Own = Annotated[RequestScope, require(Permission.AGENTS_WORK)]
ReadingAll = Annotated[PlatformScope, require_platform(Permission.CALLS_READ)]
_MISSED_SHOWN: Final = 20


@router.get("/today", summary="An enterprise's calls today, and what waits for somebody")
async def today_read(scope: Reading, request: Request) -> Today:
    now = parts_of(request).clock.now()
    midnight, mine = midnight_before(now), scope.enterprise_id
    (total,) = await rows_of(scope.session, TOTAL, midnight, mine)
    (waiting,) = await rows_of(scope.session, WAITING, midnight, mine)
    missed = await rows_of(scope.session, MISSED, midnight, mine)
    counts = {**waiting, Waiting.MISSED_CALLERS: len(missed)}
    return Today(
        at=now,
        total=DayFigures.of(total),
        hours=whole_day(await rows_of(scope.session, HOURS, midnight, mine)),
        tasks=[Task(kind=kind, count=counts[kind]) for kind in Waiting if counts[kind]],
        missed=[MissedCaller.of(row) for row in missed[:_MISSED_SHOWN]],
    )


@router.get("/agent/today", summary="The calls that rang at me today, and what waits for me")
async def own_today_read(scope: Own, request: Request) -> OwnToday:
    me, now = await agent_of(scope), parts_of(request).clock.now()
    day = OwnDay(scope.session, scope.enterprise_id, me, midnight_before(now))
    bulletins = Bulletins(scope.session, scope.enterprise_id, scope.audit)
    counts = {
        OwnWaiting.UNREAD_BULLETINS: await bulletins.unread_by(me, now),
        OwnWaiting.UNHEARD_MESSAGES: await day.unheard(scope.principal.id),
        OwnWaiting.CALLS_WITHOUT_DISPOSITION: await day.without_disposition(),
    }
    return OwnToday(
        at=now,
        total=OwnFigures.of(await day.total()),
        hours=whole_day(await day.hours()),
        tasks=[OwnTask(kind=kind, count=count) for kind, count in counts.items() if count],
    )


@router.get("/platform/today", summary="The platform's calls today, and what waits")
async def platform_today_read(scope: ReadingAll, request: Request) -> PlatformToday:
    now = parts_of(request).clock.now()
    midnight = midnight_before(now)
    (total,) = await rows_of(scope.session, PLATFORM_TOTAL, midnight)
    (waiting,) = await rows_of(scope.session, PLATFORM_WAITING, midnight)
    troubles = (await site_status(scope.session)).troubles
    others = [one for one in troubles if one.kind is not TroubleKind.CARRIER_DOWN]
    counts = {**waiting, PlatformWaiting.PLATFORM_TROUBLES: len(others)}
    (enterprises,) = await rows_of(scope.session, ENTERPRISES, midnight)
    busiest = await rows_of(scope.session, BUSIEST, midnight)
    return PlatformToday(
        at=now,
        total=DayFigures.of(total),
        hours=whole_day(await rows_of(scope.session, PLATFORM_HOURS, midnight)),
        tasks=[
            PlatformTask(kind=kind, count=counts[kind]) for kind in PlatformWaiting if counts[kind]
        ],
        enterprises=enterprises["active"],
        suspended=enterprises["suspended"],
        busiest=[EnterpriseDay.of(row) for row in busiest],
    )
