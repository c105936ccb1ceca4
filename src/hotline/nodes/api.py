"""The platform's status over HTTP, for the operator."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from hotline.api.scope import PlatformScope, require_platform
from hotline.nodes.schemas import PlatformStatus
from hotline.nodes.service import site_status
from hotline.staff.permissions import Permission

router = APIRouter(prefix="/platform/status", tags=["platform"])

Reading = Annotated[PlatformScope, require_platform(Permission.PLATFORM_READ)]


@router.get("", summary="The site's processes, switches, database and jobs, and what is wrong")
async def platform_status_read(scope: Reading) -> PlatformStatus:
    return PlatformStatus.of(await site_status(scope.session))
