"""Agents over HTTP: for administrators, for supervisors and for the agents themselves."""

from fastapi import APIRouter

from hotline.agents.api import agents, breaks, caller_numbers, own, phone_socket

router = APIRouter()
router.include_router(agents.router)
router.include_router(own.router)
router.include_router(breaks.router)
router.include_router(caller_numbers.router)
router.include_router(phone_socket.router)
