"""One of everything that a tenant can have, to be asked for by another tenant.

Every path parameter of the API names a row here. A new resource adds a line; the test that walks
the routes says so when it is missing.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from hotline.db.database import Database
from hotline.kit.ids import new_id

# Path parameter → (table, columns beside id and enterprise_id). In an order that satisfies the
# references; {hotline_id} and the like stand for the ids of rows above.
ROWS: dict[str, tuple[str, dict[str, object]]] = {
    "user_id": (
        "users",
        {"login": "owner-of-it", "name": "甲", "password_hash": "-", "role": "supervisor"},
    ),
    "key_id": (
        "api_keys",
        {"name": "k", "prefix": "0a0b0c", "secret_hash": b"-", "scopes": ["calls.read"]},
    ),
    "prompt_id": ("prompts", {"name": "p", "kind": "text", "text": "您好"}),
    "schedule_id": ("schedules", {"name": "s", "weekly": "{}"}),
    "destination_id": ("destinations", {"number": "02061234567"}),
    "group_id": ("forwarding_groups", {"name": "g", "strategy": "random"}),
    "agent_id": ("agents", {"extension": "8001", "name": "a", "user_id": "{user_id}"}),
    "reason_id": ("break_reasons", {"name": "r"}),
    "number_id": ("caller_numbers", {"number": "02162345678"}),
    "flow_id": ("flows", {"name": "f", "draft": "{}"}),
    "list_id": ("caller_lists", {"name": "l"}),
    "caller_id": ("caller_list_entries", {"list_id": "{list_id}", "number": "13800000000"}),
    "code_list_id": ("code_lists", {"name": "c"}),
    "code_id": ("codes", {"list_id": "{code_list_id}", "hash": b"-"}),
    "hotline_id": ("hotlines", {"number": "4006001234", "name": "h"}),
    "entry_id": (
        "screening_entries",
        {"pattern": "13800000000", "match": "number", "action": "reject"},
    ),
    "area_id": ("blocked_areas", {"area_code": "020"}),
    "call_id": (
        "calls",
        {
            "hotline_id": "{hotline_id}",
            "dialled": "4006001234",
            "caller": "13800000000",
            "caller_raw": "13800000000",
            "trunk": "t",
            "node": "n",
            "channel_id": "c",
            "started_at": "2026-03-01T00:00:00Z",
            "ended_at": "2026-03-01T00:01:00Z",
            "outcome": "answered",
        },
    ),
    "webhook_id": ("webhooks", {"url": "https://a.test/x", "events": ["call.ended"]}),
    "delivery_id": (
        "webhook_deliveries",
        {
            "webhook_id": "{webhook_id}",
            "event_id": "{call_id}",
            "type": "call.ended",
            "happened_at": "2026-03-01T00:01:00Z",
        },
    ),
    "queue_id": ("queues", {"name": "q"}),
    "callback_id": (
        "queue_entries",
        {
            "queue_id": "{queue_id}",
            "call_id": "{call_id}",
            "kind": "callback",
            "callback_number": "13800000000",
            "entered_at": "2026-03-01T00:00:00Z",
        },
    ),
    "disposition_id": ("dispositions", {"code": "d", "name": "成交"}),
    "forbidden_id": ("forbidden_numbers", {"number": "13800000001"}),
    "recording_id": ("recordings", {"call_id": "{call_id}", "node": "n", "spool_name": "x.wav"}),
    "box_id": ("voicemail_boxes", {"name": "b", "hotline_id": "{hotline_id}"}),
    "message_id": (
        "voicemail_messages",
        {"box_id": "{box_id}", "call_id": "{call_id}", "left_at": "2026-03-01T00:00:30Z"},
    ),
    "bulletin_id": ("bulletins", {"title": "b", "author": "甲"}),
    "survey_id": ("surveys", {"name": "v"}),
    "sheet_id": ("score_sheets", {"name": "s", "criteria": "[]"}),
    "review_id": (
        "quality_reviews",
        {
            "sheet_id": "{sheet_id}",
            "call_id": "{call_id}",
            "sheet_name": "s",
            "criteria": "[]",
            "points": "{}",
            "total": 50,
            "reviewer_name": "甲",
        },
    ),
}


async def give_everything(database: Database, enterprise_id: UUID) -> dict[str, UUID]:
    """One row of each kind for the enterprise; path parameter → id."""
    ids: dict[str, UUID] = {}
    async with database.platform() as session:
        for parameter, (table, columns) in ROWS.items():
            ids[parameter] = new_id()
            values = {
                "id": ids[parameter],
                "enterprise_id": enterprise_id,
                **{name: _filled(value, ids) for name, value in columns.items()},
            }
            names = ", ".join(values)
            places = ", ".join(f":{name}" for name in values)
            await session.execute(text(f"insert into {table} ({names}) values ({places})"), values)
    return ids


async def everything_of(database: Database, ids: dict[str, UUID]) -> dict[str, str]:
    """The rows as they are now, as text, to see that nobody touched them."""
    found: dict[str, str] = {}
    async with database.platform() as session:
        for parameter, (table, _) in ROWS.items():
            row = await session.execute(
                text(f"select t::text from {table} t where id = :id"), {"id": ids[parameter]}
            )
            found[parameter] = row.scalar_one()
    return found


def _filled(value: object, ids: dict[str, UUID]) -> object:
    if isinstance(value, str) and value.startswith("{") and value != "{}":
        return ids[value[1:-1]]
    return value
