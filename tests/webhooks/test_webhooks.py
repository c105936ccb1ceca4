"""Webhooks: kept over the API, told once an event, signed, tried again, switched off at last."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest
from sqlalchemy import text

from hotline.api.parts import ApiParts, ApiSettings
from hotline.db.database import Database
from hotline.jobs.queue import JobQueue
from hotline.jobs.worker import Worker
from hotline.kit.clock import SystemClock
from hotline.kit.ids import new_id
from hotline.outbound.addresses import AddressGuard
from hotline.outbound.client import OutboundClient
from hotline.staff.permissions import Role
from hotline.webhooks.jobs import WebhookJobs
from hotline.webhooks.rules import WAITS, is_given_up, next_attempt, signature
from hotline.webhooks.service import MOST_OF_ONE_ENTERPRISE, QUEUE
from tests.api_world import QUICK_PASSWORDS, ApiWorld
from tests.slices.helpers import API, audited, body_of, error_of, seen

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class Receiver:
    """An enterprise's own system: keeps what it is sent and answers ``status``."""

    def __init__(self) -> None:
        self.status = 200
        self.heads: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in head)
        }
        self.bodies.append(await reader.readexactly(int(headers["content-length"])))
        self.heads.append(headers)
        writer.write(f"HTTP/1.1 {self.status} x\r\nContent-Length: 2\r\n\r\nok".encode())
        await writer.drain()
        writer.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    async with await asyncio.start_server(receiver.serve, "127.0.0.1", 0) as server:
        receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/told"
        yield receiver


class LaterClock(SystemClock):
    """Now, and whatever was put on top of it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


class Post:
    """The worker's part, run when a test says so."""

    def __init__(self, database: Database, client: OutboundClient) -> None:
        self.clock = LaterClock()
        self.jobs = WebhookJobs(database, JobQueue(), client, self.clock)
        self._worker = Worker(
            database.platform_url, self.jobs.kinds(), clock=self.clock, queue=QUEUE, concurrency=2
        )

    async def run(self, later: timedelta = timedelta()) -> None:
        self.clock.ahead += later
        await self.jobs.queue_due()
        await self._worker.run_waiting()


@pytest.fixture
async def post(database: Database) -> AsyncIterator[Post]:
    async with OutboundClient(AddressGuard.of([ip_network("127.0.0.0/8")])) as client:
        yield Post(database, client)


@pytest.fixture
def api_parts(database: Database) -> ApiParts:
    """The operator allows the receiver's network."""
    return ApiParts(
        database=database,
        clock=SystemClock(),
        passwords=QUICK_PASSWORDS,
        settings=ApiSettings(outbound_private=[ip_network("127.0.0.0/8")]),
    )


@pytest.fixture
async def ours(api: ApiWorld) -> UUID:
    return await api.enterprise()


@pytest.fixture
async def admin(api: ApiWorld, ours: UUID) -> httpx.AsyncClient:
    return await api.log_in(Role.ADMINISTRATOR, ours)


async def add(admin: httpx.AsyncClient, url: str, *events: str) -> dict[str, Any]:
    body = {"url": url, "events": list(events or ("call.ended",))}
    return body_of(await admin.post(f"{API}/webhooks", json=body), 201)


async def told(admin: httpx.AsyncClient, webhook: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = body_of(
        await admin.get(f"{API}/webhooks/{webhook['id']}/deliveries")
    )["items"]
    return found


async def happen(database: Database, enterprise: UUID, *types: str) -> UUID:
    """A call of that enterprise with these events."""
    call_id = new_id()
    async with database.platform() as session:
        await session.execute(
            text(
                "insert into calls (id, enterprise_id, dialled, caller, caller_raw, trunk, node,"
                " channel_id, started_at, ended_at, outcome) values (:c, :e, '4006001234',"
                " '13812345678', '13812345678', 't', 'n', 'x', :at, :at, 'answered')"
            ),
            {"c": call_id, "e": enterprise, "at": NOW},
        )
        await write_events(session, enterprise, call_id, types)
    return call_id


async def write_events(session: Any, enterprise: UUID, call_id: UUID, types: Any) -> None:
    for number, type_ in enumerate(types):
        await session.execute(
            text(
                "insert into call_events (call_id, id, enterprise_id, at, type)"
                " values (:c, :i, :e, :at, :type) on conflict do nothing"
            ),
            {
                "c": call_id,
                "i": UUID(int=call_id.int ^ number + 1),
                "e": enterprise,
                "at": NOW + timedelta(seconds=number),
                "type": type_,
            },
        )


# ------------------------------------------------------------ rules


def test_the_signature_can_be_checked_with_any_hmac() -> None:
    expected = hmac.new(b"whsec_x", b"1795334400.{}", hashlib.sha256).hexdigest()
    assert signature("whsec_x", datetime.fromtimestamp(1795334400, UTC), b"{}") == (
        f"t=1795334400,v1={expected}"
    )


def test_waits_grow_and_end() -> None:
    waits = [next_attempt(number, NOW) for number in range(1, len(WAITS) + 2)]
    assert waits[0] == NOW + timedelta(seconds=30)
    assert waits[-1] is None
    assert sorted(WAITS) == list(WAITS)
    assert timedelta(days=1) < sum(WAITS, timedelta()) < timedelta(days=2)


def test_given_up_after_days_without_a_success() -> None:
    assert not is_given_up(None, NOW)
    assert not is_given_up(NOW - timedelta(days=2), NOW)
    assert is_given_up(NOW - timedelta(days=3), NOW)


# ------------------------------------------------------------ kept


async def test_the_secret_is_shown_once(admin: httpx.AsyncClient) -> None:
    made = await add(admin, "https://crm.example.com/in")
    assert made["secret"].startswith("whsec_")
    read = body_of(await admin.get(f"{API}/webhooks/{made['id']}"))
    assert "secret" not in read
    renewed = body_of(await admin.post(f"{API}/webhooks/{made['id']}/secret"))
    assert renewed["secret"] not in {made["secret"], ""}
    assert await audited(admin) == ["webhook.renew_secret", "webhook.create"]


async def test_no_tenants_transaction_reads_a_secret(
    database: Database, admin: httpx.AsyncClient, ours: UUID
) -> None:
    await add(admin, "https://crm.example.com/in")
    with pytest.raises(Exception, match="permission denied"):
        async with database.tenant(ours) as session:
            await session.execute(text("select secret from webhook_secrets"))


@pytest.mark.parametrize(
    "body",
    [
        {"url": "ftp://x.test/", "events": ["call.ended"]},
        {"url": "https://", "events": ["call.ended"]},
        {"url": "https://x.test/", "events": []},
        {"url": "https://x.test/", "events": ["call.exploded"]},
        {"url": "https://x.test/" + "y" * 500, "events": ["call.ended"]},
        {"url": "https://x.test/", "events": ["call.ended"], "secret": "mine"},
    ],
)
async def test_nonsense_is_refused(admin: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert error_of(await admin.post(f"{API}/webhooks", json=body), 422) == "invalid"


@pytest.mark.parametrize(
    "url",
    ["http://10.0.0.5/x", "https://[::1]/x", "http://169.254.169.254/latest", "https://[:::1]/x"],
)
async def test_an_address_behind_the_firewall_is_refused_at_once(
    admin: httpx.AsyncClient, url: str
) -> None:
    body = {"url": url, "events": ["call.ended"]}
    assert "url" in body_of(await admin.post(f"{API}/webhooks", json=body), 422)["fields"]
    webhook = await add(admin, "http://127.0.0.1:9/x")  # which the operator has allowed
    changed = await admin.patch(
        f"{API}/webhooks/{webhook['id']}", json={"url": url}, headers=seen(webhook)
    )
    assert "url" in body_of(changed, 422)["fields"]


async def test_so_many_and_no_more(admin: httpx.AsyncClient) -> None:
    for _ in range(MOST_OF_ONE_ENTERPRISE):
        await add(admin, "https://crm.example.com/in")
    body = {"url": "https://crm.example.com/in", "events": ["call.ended"]}
    assert error_of(await admin.post(f"{API}/webhooks", json=body), 429) == "too-many"


# ------------------------------------------------------------ told


async def test_a_call_is_told_once_signed_and_with_its_record(
    database: Database, admin: httpx.AsyncClient, ours: UUID, receiver: Receiver, post: Post
) -> None:
    webhook = await add(admin, receiver.url, "call.ended", "call.started")
    call_id = await happen(database, ours, "arrived", "greeting_started", "connected", "ended")
    async with database.platform() as session:  # the ledger writes a batch again after a fault
        await write_events(session, ours, call_id, ["arrived", "x", "connected", "ended"])
    await post.run()
    await post.run()
    bodies = [orjson.loads(body) for body in receiver.bodies]
    assert [body["type"] for body in bodies] == ["call.started", "call.ended"]
    assert bodies[1]["data"]["call"]["id"] == str(call_id)
    assert bodies[1]["data"]["call"]["caller"] == "13812345678"
    head = receiver.heads[1]
    at, _, _ = head["x-hotline-signature"].removeprefix("t=").partition(",")
    instant = datetime.fromtimestamp(int(at), UTC)
    assert head["x-hotline-signature"] == signature(webhook["secret"], instant, receiver.bodies[1])
    assert {delivery["state"] for delivery in await told(admin, webhook)} == {"delivered"}


async def test_only_who_asked_is_told(
    api: ApiWorld, database: Database, ours: UUID, receiver: Receiver, post: Post
) -> None:
    theirs = await api.log_in(Role.ADMINISTRATOR, await api.enterprise())
    await add(theirs, receiver.url)
    mine = await api.log_in(Role.ADMINISTRATOR, ours)
    await add(mine, receiver.url, "call.answered")
    await happen(database, ours, "arrived", "ended")
    await post.run()
    assert receiver.bodies == []


async def test_a_failure_is_tried_again_with_the_same_body(
    database: Database, admin: httpx.AsyncClient, ours: UUID, receiver: Receiver, post: Post
) -> None:
    webhook = await add(admin, receiver.url)
    await happen(database, ours, "arrived", "ended")
    receiver.status = 500
    await post.run()
    (delivery,) = await told(admin, webhook)
    assert (delivery["state"], delivery["status"], delivery["attempts"]) == ("pending", 500, 1)
    assert body_of(await admin.get(f"{API}/webhooks/{webhook['id']}"))["failing_since"]
    await post.run()
    assert len(receiver.bodies) == 1, "not before its time"
    receiver.status = 204
    await post.run(WAITS[0])
    (delivery,) = await told(admin, webhook)
    assert (delivery["state"], delivery["attempts"]) == ("delivered", 2)
    assert receiver.bodies[0] == receiver.bodies[1]
    assert body_of(await admin.get(f"{API}/webhooks/{webhook['id']}"))["failing_since"] is None


async def test_a_later_event_does_not_wait_for_one_that_failed(
    database: Database, admin: httpx.AsyncClient, ours: UUID, receiver: Receiver, post: Post
) -> None:
    webhook = await add(admin, receiver.url)
    await happen(database, ours, "arrived", "ended")
    receiver.status = 503
    await post.run()
    receiver.status = 200
    await happen(database, ours, "arrived", "ended")
    await post.run()
    states = sorted(delivery["state"] for delivery in await told(admin, webhook))
    assert states == ["delivered", "pending"]


async def test_failed_for_good_then_sent_again_by_hand(
    database: Database, admin: httpx.AsyncClient, ours: UUID, receiver: Receiver, post: Post
) -> None:
    webhook = await add(admin, receiver.url)
    await happen(database, ours, "arrived", "ended")
    receiver.status = 410
    for wait in (timedelta(), *WAITS):
        await post.run(wait)
    (delivery,) = await told(admin, webhook)
    assert (delivery["state"], delivery["attempts"]) == ("failed", len(WAITS) + 1)
    receiver.status = 200
    again = f"{API}/webhooks/{webhook['id']}/deliveries/{delivery['id']}/resend"
    assert body_of(await admin.post(again), 202)["state"] == "pending"
    await post.run()
    assert [one["state"] for one in await told(admin, webhook)] == ["delivered"]
    assert len(set(receiver.bodies)) == 1


async def test_switched_off_after_days_of_failures(
    database: Database, admin: httpx.AsyncClient, ours: UUID, receiver: Receiver, post: Post
) -> None:
    webhook = await add(admin, receiver.url)
    receiver.status = 500
    await happen(database, ours, "arrived", "ended")
    await post.run()
    post.clock.ahead += timedelta(days=3)
    await post.run()
    off = body_of(await admin.get(f"{API}/webhooks/{webhook['id']}"))
    assert not off["enabled"]
    ping = await admin.post(f"{API}/webhooks/{webhook['id']}/ping")
    assert error_of(ping, 409) == "conflict"
    answer = await admin.patch(
        f"{API}/webhooks/{webhook['id']}", json={"enabled": True}, headers=seen(off)
    )
    assert body_of(answer)["failing_since"] is None


async def test_a_ping_says_whether_the_address_works(
    admin: httpx.AsyncClient, receiver: Receiver, post: Post
) -> None:
    webhook = await add(admin, receiver.url)
    body_of(await admin.post(f"{API}/webhooks/{webhook['id']}/ping"), 202)
    await post.run()
    (delivery,) = await told(admin, webhook)
    assert (delivery["type"], delivery["state"], delivery["answer"]) == ("ping", "delivered", "ok")


async def test_what_is_behind_the_firewall_is_not_asked(
    database: Database, admin: httpx.AsyncClient, ours: UUID, receiver: Receiver
) -> None:
    webhook = await add(admin, receiver.url)
    await happen(database, ours, "arrived", "ended")
    async with OutboundClient(AddressGuard()) as client:
        await Post(database, client).run()
    (delivery,) = await told(admin, webhook)
    assert "not a public address" in delivery["error"]
    assert receiver.bodies == []


async def test_removed_with_its_log(
    database: Database, admin: httpx.AsyncClient, ours: UUID, receiver: Receiver, post: Post
) -> None:
    webhook = await add(admin, receiver.url)
    await happen(database, ours, "arrived", "ended")
    assert (await admin.delete(f"{API}/webhooks/{webhook['id']}")).status_code == 204
    await post.run()
    assert receiver.bodies == []
