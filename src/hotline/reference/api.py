"""Places and public holidays over HTTP, for whoever is signed in."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from hotline.api.problem import wants_chinese
from hotline.api.scope import SignedIn
from hotline.flows.holidays import FIRST_YEAR, LAST_YEAR, DayKind, special_days_of
from hotline.kit.regions import all_cities

router = APIRouter(tags=["reference"])


class RegionCity(BaseModel):
    """A city, or what stands in its place."""

    name: str
    area_code: str = Field(description="With its leading 0; some cities share one.")


class RegionProvince(BaseModel):
    """A province with its cities, by their bare names."""

    name: str
    cities: list[RegionCity]


class CalendarDay(BaseModel):
    """A day that is not what its weekday says."""

    day: date
    kind: DayKind
    name: str = Field(description="The holiday that it is, or for which it is worked.")


class CalendarYear(BaseModel):
    """What the State Council announced for a year."""

    known: bool = Field(description="False: nothing is known of this year yet.")
    days: list[CalendarDay]


@router.get("/regions", summary="Provinces and cities with their area codes")
async def regions_list(principal: SignedIn) -> list[RegionProvince]:  # noqa: ARG001
    provinces: dict[str, list[RegionCity]] = {}
    for city in all_cities():
        provinces.setdefault(city.province, []).append(
            RegionCity(name=city.name, area_code=city.area_code)
        )
    return [RegionProvince(name=name, cities=cities) for name, cities in provinces.items()]


@router.get("/holidays", summary="A year's public holidays and make-up workdays")
async def holidays_list(
    principal: SignedIn,  # noqa: ARG001
    request: Request,
    year: Annotated[int, Query(ge=1949, le=2200)],
) -> CalendarYear:
    chinese = wants_chinese(request)
    days = [
        CalendarDay(day=each.day, kind=each.kind, name=each.name.zh if chinese else each.name.en)
        for each in special_days_of(year)
    ]
    return CalendarYear(known=FIRST_YEAR <= year <= LAST_YEAR, days=days)
