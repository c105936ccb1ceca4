"""``/metrics``, for a Prometheus on this machine or in the networks that the settings name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from ipaddress import ip_address
from typing import Final

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from hotline.api.credentials import client_address
from hotline.api.parts import parts_of
from hotline.kit.errors import NotFoundError
from hotline.metrics.centre import CentreNumbers, centre_numbers
from hotline.metrics.repository import Numbers, numbers_since

router = APIRouter()
_RECENT: Final = timedelta(hours=1)


@router.get("/metrics", include_in_schema=False)
async def metrics_read(request: Request) -> Response:
    """This process's own numbers and the database's. For others it is not there."""
    parts = parts_of(request)
    if not _may_read(request):
        raise NotFoundError
    now = parts.clock.now()
    numbers = await numbers_since(parts.database, now - _RECENT)
    centre = await centre_numbers(parts.database, now, now - _RECENT)
    registry = CollectorRegistry()
    registry.register(_FromDatabase(numbers))
    registry.register(_OfTheCentre(centre))
    text = generate_latest(registry) + generate_latest(parts.metrics)
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _may_read(request: Request) -> bool:
    try:
        address = ip_address(client_address(request))
    except ValueError:
        return False
    return any(address in network for network in parts_of(request).settings.metrics_from)


class _FromDatabase(Collector):
    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    def collect(self) -> Iterator[GaugeMetricFamily]:
        numbers = self._numbers
        yield _by(
            "hotline_calls_in_progress", "Calls going on now.", "node", numbers.calls_in_progress
        )
        yield _by(
            "hotline_calls_last_hour",
            "Calls that began within the last hour and have ended.",
            "outcome",
            numbers.calls_ended,
        )
        yield _by(
            "hotline_recordings_pending",
            "Recordings in a node's spool, not in the storage yet.",
            "node",
            numbers.recordings_pending,
        )


class _OfTheCentre(Collector):
    def __init__(self, numbers: CentreNumbers) -> None:
        self._numbers = numbers

    def collect(self) -> Iterator[GaugeMetricFamily]:
        numbers = self._numbers
        yield _by("hotline_queue_waiting", "Who waits in queues now.", "kind", numbers.waiting)
        yield GaugeMetricFamily(
            "hotline_queue_longest_wait_seconds",
            "How long the caller waits who has waited longest.",
            numbers.longest_wait,
        )
        yield _by("hotline_agents", "Agents by what they do now.", "state", numbers.agents)
        yield _by(
            "hotline_agent_offers_last_hour",
            "Rings at agents, of calls that began within the last hour; answered or why not.",
            "result",
            numbers.offers,
        )
        yield _by(
            "hotline_supervisions", "Supervisors at calls now.", "state", numbers.supervisions
        )
        yield GaugeMetricFamily(
            "hotline_webhook_deliveries_pending",
            "Events not yet told to enterprises' own systems.",
            numbers.webhooks_pending,
        )
        yield GaugeMetricFamily(
            "hotline_voicemail_unheard",
            "Messages that nobody has heard.",
            numbers.messages_unheard,
        )


def _by(name: str, meaning: str, label: str, values: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
