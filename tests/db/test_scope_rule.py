"""Database sessions begin in ``hotline.db`` only; routes get theirs from ``hotline.api.scope``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import hotline

SOURCE = Path(hotline.__file__).parent
# What opens a connection or a session by itself.
OPENERS = {
    "AsyncConnection",
    "AsyncConnectionPool",
    "AsyncSession",
    "Connection",
    "ConnectionPool",
    "Session",
    "async_sessionmaker",
    "connect",
    "create_async_engine",
    "create_engine",
    "sessionmaker",
}
DRIVERS = {"sqlalchemy", "psycopg", "psycopg_pool", "asyncpg"}
# It reads no rows, it asks the server how it is.
MAY_CONNECT = {"diagnosis.py"}
# Where a request without an enterprise is answered: logging in, and the scopes themselves.
MAY_TOUCH_THE_PLATFORM = {"api/scope.py", "api/idempotency.py", "staff/api/sessions.py"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in SOURCE.rglob("*.py"):
        yield str(path.relative_to(SOURCE)), ast.parse(path.read_text(encoding="utf-8"))


def calls(module: ast.Module) -> Iterator[tuple[str, int]]:
    """(what is called, line)."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, node.lineno
            elif isinstance(node.func, ast.Name):
                yield node.func.id, node.lineno


def imports_a_driver(module: ast.Module) -> bool:
    imported: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module)
    return any(name.split(".")[0] in DRIVERS for name in imported)


def opened_in(module: ast.Module) -> list[int]:
    """Lines that open a session or a connection."""
    if not imports_a_driver(module):
        return []
    return [line for name, line in calls(module) if name in OPENERS]


def test_sessions_are_opened_only_inside_the_database_layer() -> None:
    found = [
        f"{name}:{line}"
        for name, module in modules()
        if not name.startswith("db/") and name not in MAY_CONNECT
        for line in opened_in(module)
    ]
    assert found == []


def test_routes_do_not_open_scopes_by_themselves() -> None:
    """A route that opened the platform's scope could show one tenant another's rows."""
    found = [
        f"{name}:{line}"
        for name, module in modules()
        if "api" in Path(name).with_suffix("").parts and name not in MAY_TOUCH_THE_PLATFORM
        for called, line in calls(module)
        if called == "platform"
    ]
    assert found == []


def test_the_rule_sees_a_session_that_is_opened() -> None:
    bad = ast.parse("from sqlalchemy import create_engine\nengine = create_engine('x')\n")
    assert opened_in(bad) == [2]
