"""Flows and the lists that they ask, over HTTP."""

from __future__ import annotations

from fastapi import APIRouter

from hotline.flows.api import flows, lists

router = APIRouter()
router.include_router(flows.router)
router.include_router(lists.router)
