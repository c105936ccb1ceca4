"""The HTTP application: every slice's router under /api/v1, one way of failing, one document."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from hotline import __version__
from hotline.agents.api import router as agents_router
from hotline.api import health
from hotline.api.console import Console
from hotline.api.idempotency import Idempotency
from hotline.api.middleware import BodyLimit, RequestEdge
from hotline.api.openapi import describe
from hotline.api.parts import ApiParts
from hotline.api.problem import install_problem_handlers
from hotline.bulletins import api as bulletins_api
from hotline.carriers import api as carriers
from hotline.enterprises import api as enterprises_api
from hotline.flows.api import router as flows_router
from hotline.handling import api as handling
from hotline.hotlines.api import router as hotlines_router
from hotline.live import api as live
from hotline.metrics import api as metrics
from hotline.nodes import api as nodes
from hotline.prompts import api as prompts_api
from hotline.quality import api as quality
from hotline.queues import api as queues_api
from hotline.recordings import api as recordings_api
from hotline.records import api as records
from hotline.reference import api as reference
from hotline.schedules import api as schedules
from hotline.screening import api as screening
from hotline.staff.api import audit as staff_audit
from hotline.staff.api import keys as staff_keys
from hotline.staff.api import sessions as staff_sessions
from hotline.staff.api import users as staff_users
from hotline.supervision import api as supervision
from hotline.surveys import api as surveys
from hotline.today import api as today
from hotline.voicemail import api as voicemail
from hotline.webhooks import api as webhooks_api

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    staff_sessions.router,
    staff_users.router,
    staff_users.operators,
    staff_keys.router,
    staff_keys.operator_keys,
    staff_audit.router,
    enterprises_api.router,
    hotlines_router,
    agents_router,
    queues_api.router,
    schedules.router,
    reference.router,
    flows_router,
    screening.router,
    carriers.router,
    nodes.router,
    prompts_api.router,
    recordings_api.router,
    voicemail.router,
    surveys.router,
    quality.router,
    handling.router,
    bulletins_api.router,
    supervision.router,  # before the records: /calls/live is no call
    today.router,
    records.router,
    records.platform,
    webhooks_api.router,
    live.router,
)
"""A new slice adds its router here."""


def create_app(parts: ApiParts) -> FastAPI:
    """The application on ``parts``. Whoever made the parts also closes them."""
    app = _with_routes()
    app.state.parts = parts
    install_problem_handlers(app)
    app.include_router(metrics.router)
    settings = parts.settings
    if settings.console is not None:
        app.mount("/", Console(settings.console))
    app.add_middleware(Idempotency, parts=parts)
    app.add_middleware(BodyLimit, limit=settings.body_limit, upload_limit=settings.upload_limit)
    app.add_middleware(RequestEdge, https=settings.secure_cookies)
    return app


def openapi_document() -> dict[str, Any]:
    """What the API says of itself; needs nothing that runs."""
    return _with_routes().openapi()


def _with_routes() -> FastAPI:
    app = FastAPI(
        routes=[*_routes()],
        title="Hotline",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    _describe_once(app)
    return app


@cache
def _routes() -> Sequence[BaseRoute]:
    """Of every application in this process, as all are alike: what each of them asks for is found
    out when the first request comes, which takes a quarter of a second.
    """
    routes = APIRouter(generate_unique_id_function=_operation_id)
    for router in ROUTERS:
        routes.include_router(router, prefix="/api/v1")
    return routes.routes


def _operation_id(route: APIRoute) -> str:
    """A route's function is its stable operation id: ``<resource>_<verb>``."""
    return route.name


def _describe_once(app: FastAPI) -> None:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(
                app,
                get_openapi(
                    title=app.title,
                    version=app.version,
                    routes=app.routes,
                    separate_input_output_schemas=False,
                ),
            )
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
