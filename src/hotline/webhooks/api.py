"""Webhooks over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from hotline.api.etag import SeenVersion, set_etag
from hotline.api.kept import KeptApi
from hotline.api.listing import list_page
from hotline.api.paging import Page, PagingParameters
from hotline.api.parts import parts_of
from hotline.api.scope import RequestScope, require
from hotline.jobs.queue import JobQueue
from hotline.kit.errors import InvalidError, Words
from hotline.outbound.addresses import AddressGuard
from hotline.outbound.client import host_of
from hotline.staff.permissions import Permission
from hotline.webhooks.models import deliveries
from hotline.webhooks.rules import EVENTS
from hotline.webhooks.schemas import (
    Delivery,
    NewWebhook,
    State,
    Webhook,
    WebhookChange,
    WebhookCreated,
    WebhookEvent,
    WebhookSecret,
)
from hotline.webhooks.service import Webhooks

router = APIRouter(prefix="/webhooks", tags=["webhooks"])

Managing = Annotated[RequestScope, require(Permission.WEBHOOKS_MANAGE)]
_WEBHOOKS = KeptApi(Webhooks, Webhook.of)


@router.get("", summary="Webhooks, newest first")
async def webhooks_list(scope: Managing, paging: PagingParameters) -> Page[Webhook]:
    return await _WEBHOOKS.page(scope, paging)


@router.get("/events", summary="What can be told")
async def webhooks_events(scope: Managing) -> list[WebhookEvent]:
    del scope
    return [WebhookEvent(type=type_, meaning=meaning) for type_, meaning in EVENTS.items()]


@router.post("", status_code=201, summary="Have an address told; its secret is shown this once")
async def webhooks_create(
    body: NewWebhook, scope: Managing, request: Request, response: Response
) -> WebhookCreated:
    """Each delivery is a POST of JSON, signed in `X-Hotline-Signature`: see docs/webhooks.md."""
    _check_address(request, body.url)
    row, secret = await _WEBHOOKS.of(scope).add(body.model_dump())
    request.state.response_is_secret = True
    set_etag(response, row["updated_at"])
    return WebhookCreated(**Webhook.of(row).model_dump(), secret=secret)


@router.get("/{webhook_id}", summary="One webhook")
async def webhooks_read(webhook_id: UUID, scope: Managing, response: Response) -> Webhook:
    return await _WEBHOOKS.read(scope, webhook_id, response)


@router.patch("/{webhook_id}", summary="Change a webhook")
async def webhooks_update(
    webhook_id: UUID,
    body: WebhookChange,
    scope: Managing,
    seen: SeenVersion,
    *,
    request: Request,
    response: Response,
) -> Webhook:
    values = body.model_dump(exclude_unset=True)
    if "url" in values:
        _check_address(request, body.url)
    return _WEBHOOKS.answer(response, await _WEBHOOKS.of(scope).change(webhook_id, seen, values))


@router.delete("/{webhook_id}", status_code=204, summary="Remove a webhook and its log")
async def webhooks_delete(webhook_id: UUID, scope: Managing) -> None:
    await _WEBHOOKS.remove(scope, webhook_id)


@router.post("/{webhook_id}/secret", summary="A new secret, shown this once; the old one is over")
async def webhooks_renew_secret(
    webhook_id: UUID, scope: Managing, request: Request
) -> WebhookSecret:
    secret = await _WEBHOOKS.of(scope).renew_secret(webhook_id)
    request.state.response_is_secret = True
    return WebhookSecret(secret=secret)


@router.post("/{webhook_id}/ping", status_code=202, summary="Have a trial delivery sent")
async def webhooks_ping(webhook_id: UUID, scope: Managing, request: Request) -> Delivery:
    return Delivery.of(await _WEBHOOKS.of(scope).try_out(webhook_id, parts_of(request).clock.now()))


@router.get("/{webhook_id}/deliveries", summary="What was told, newest first")
async def webhooks_deliveries(
    webhook_id: UUID,
    scope: Managing,
    paging: PagingParameters,
    state: Annotated[State | None, Query()] = None,
) -> Page[Delivery]:
    told = await _WEBHOOKS.of(scope).told(webhook_id, state)
    return await list_page(scope.session, told, paging, deliveries, Delivery.of)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/resend", status_code=202, summary="Tell it again"
)
async def webhooks_resend(
    webhook_id: UUID, delivery_id: UUID, scope: Managing, request: Request
) -> Delivery:
    """The same body with the same `id`; the receiver can tell that it had it before."""
    row = await _WEBHOOKS.of(scope).send_again(
        webhook_id, delivery_id, parts_of(request).clock.now(), JobQueue()
    )
    return Delivery.of(row)


def _check_address(request: Request, url: str) -> None:
    """What can be said before it is asked. Raises InvalidError."""
    guard = AddressGuard.of(parts_of(request).settings.outbound_private)
    host = host_of(url)
    if host is None:
        words = Words("this is no address of a web server", "不是有效的网址")
    elif not guard.permits_host(host):
        words = Words("this is not a public address", "不是公网地址，不能推送")
    else:
        return
    raise InvalidError(fields={"url": words})
