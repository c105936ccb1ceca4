"""Hotlines, destinations and forwarding groups over HTTP."""

from fastapi import APIRouter

from hotline.hotlines.api import destinations, groups, hotlines, stock

router = APIRouter()
router.include_router(hotlines.router)
router.include_router(hotlines.platform)
router.include_router(destinations.router)
router.include_router(groups.router)
router.include_router(stock.router)
