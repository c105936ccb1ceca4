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
from hotline.metrics.repository import Numbers, numbers_since

router = APIRouter()
_RECENT: Final = timedelta(hours=1)


@router.get("/metrics", include_in_schema=False)
async def metrics_read(request: Request) -> Response:
    """This process's own numbers and the database's. For others it is not there."""
    parts = parts_of(request)
    if not _may_read(request):
        raise NotFoundError
    numbers = await numbers_since(parts.database, parts.clock.now() - _RECENT)
    registry = CollectorRegistry()
    registry.register(_FromDatabase(numbers))
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


def _by(name: str, meaning: str, label: str, values: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
