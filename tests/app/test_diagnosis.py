"""What ``hotline doctor`` finds at the storage of recordings and at the carriers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from hotline.db.database import Database
from hotline.demo.carrier import free_loopback_host
from hotline.diagnosis import Finding, State, examine
from hotline.home import Home
from hotline.kit.ids import new_id
from hotline.settings import Settings


def found(findings: list[Finding], part: str) -> Finding:
    return next(one for one in findings if one.part == part)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.create()
    return home


def settings(home: Home, **more: object) -> Settings:
    return Settings.model_validate({"home": home.root, **more})


def test_the_storage_is_written_and_left_as_it_was(home: Home, tmp_path: Path) -> None:
    url = (tmp_path / "kept").as_uri()
    finding = found(examine(settings(home, storage_url=url), home), "Recordings")
    assert (finding.state, finding.what) == (State.GOOD, f"{url}, written, read and deleted")
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_storage_that_is_not_there(home: Home, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    url = (tmp_path / "file" / "kept").as_uri()
    finding = found(examine(settings(home, storage_url=url), home), "Recordings")
    assert finding.state is State.BAD
    assert url in finding.what
    assert "HOTLINE_STORAGE_URL" in finding.advice


@contextmanager
def something_on_udp(host: str, answer: bytes | None) -> Iterator[None]:
    """It says ``answer`` to whatever comes; None: nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((host, 5060))
        sock.settimeout(10)

        def serve() -> None:
            with suppress(OSError):
                _, asker = sock.recvfrom(2048)
                if answer is not None:
                    sock.sendto(answer, asker)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (b"SIP/2.0 401 Unauthorized\r\n\r\n", State.GOOD, "answers at"),
        (b"what?", State.BAD, "does not answer in SIP"),
        (None, State.BAD, "does not answer in SIP"),
    ],
)
def test_what_listens_where_sip_should(
    home: Home, answer: bytes | None, state: State, words: str
) -> None:
    host = free_loopback_host((5060, 8088, 8400))
    site = settings(home, sip=f"{host}:5060", ari=f"{host}:8088", http=f"{host}:8400")
    free = found(examine(site, home), "SIP")
    assert (free.state, "is free" in free.what) == (State.IDLE, True)
    with something_on_udp(host, answer):
        finding = found(examine(site, home), "SIP")
    assert finding.state is state
    assert words in finding.what


async def carrier(database: Database, name: str, *, position: int, **columns: object) -> None:
    """``reached`` says what each node found, a moment or ``ago`` before."""
    key, reached = new_id(), columns.pop("reached", {})
    ago = columns.pop("ago", "1 second")
    columns = {"kind": "address", "enabled": True, "secret": None, "username": None, **columns}
    assert isinstance(reached, dict)
    async with database.platform() as session:
        await session.execute(
            text(
                "insert into carriers (id, name, kind, host, position, enabled, username, secret)"
                " values (:i, :n, :kind, '203.0.113.1', :p, :enabled, :username, :secret)"
            ),
            {"i": key, "n": name, "p": position, **columns},
        )
        for node, is_reached in reached.items():
            await session.execute(
                text(
                    "insert into carrier_health (carrier_id, node, reachable, checked_at)"
                    " values (:i, :n, :r, now() - cast(cast(:a as text) as interval))"
                ),
                {"i": key, "n": node, "r": is_reached, "a": ago},
            )


async def test_each_carrier_as_the_switches_see_it(database: Database, home: Home) -> None:
    url = database.platform_url.render_as_string(hide_password=False)
    site = settings(home, database_url=url)

    async def carriers() -> list[tuple[str, State, str]]:
        findings = await asyncio.to_thread(examine, site, home)
        parts = [one for one in findings if one.part.startswith("Carrier")]
        return [(one.part, one.state, f"{one.what} {one.advice}") for one in parts]

    [(part, state, words)] = await carriers()
    assert (part, state) == ("Carriers", State.IDLE)
    assert "hotline carrier add" in words
    registration = {"kind": "registration", "username": "u", "secret": "s"}
    await carrier(database, "good", position=0, reached={"n1": True, "n2": True})
    await carrier(database, "half", position=1, reached={"n1": True, "n2": False})
    await carrier(database, "refusing", position=2, reached={"n1": False}, **registration)
    await carrier(database, "long-ago", position=3, reached={"n1": True}, ago="1 hour")
    await carrier(database, "off", position=4, reached={"n1": False}, enabled=False)
    good, half, refusing, long_ago, off = await carriers()
    assert good == ("Carrier good", State.GOOD, "203.0.113.1:5060 answers ")
    assert half[:2] == ("Carrier half", State.BAD)
    assert "seen from n2" in half[2]
    assert refusing[:2] == ("Carrier refusing", State.BAD)
    assert "password" in refusing[2]
    assert (long_ago[1], off[1]) == (State.IDLE, State.IDLE)
