"""SIP accounts come and go in the database; the switch obeys at the next REGISTER."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL
from tests.conftest import PASSWORDS, run_as_owner
from tests.switch.conftest import STAND_IN_DIALPLAN, LoopbackPair, free_loopback_pair

from hotline.db.database import Database
from hotline.db.migrate import SWITCH_ROLE
from hotline.kit.ids import new_id
from hotline.telephony.asterisk.configuration import Address, SwitchConfiguration, SwitchDatabase
from hotline.telephony.asterisk.installation import Installation
from hotline.telephony.asterisk.process import SwitchProcess
from hotline.telephony.asterisk.sip import Carrier


class SipPhone(asyncio.DatagramProtocol):
    """So much of a SIP phone as registering takes (RFC 3261 §10, RFC 8760 with MD5).

    Who calls it is told that it is busy.
    """

    def __init__(self) -> None:
        self.is_silent = False
        """Whether it says nothing at all to who calls it."""
        self.thinks_for = 0.0
        """Seconds for which who calls it hears nothing but "100 Trying"."""
        self._answers: asyncio.Queue[str] = asyncio.Queue()
        self._sequence = 0
        self.invites: list[str] = []

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self.transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:
        if data.startswith(b"SIP/2.0"):
            self._answers.put_nowait(data.decode())
        elif data.startswith(b"INVITE "):
            self.invites.append(data.decode())
            self._called(data.decode(), addr)
        elif data.startswith(b"OPTIONS "):
            self._answer("200 OK", data.decode(), addr)

    def _called(self, invite: str, addr: object) -> None:
        if self.is_silent:
            return
        self._answer("100 Trying", invite, addr)
        loop = asyncio.get_running_loop()
        loop.call_later(self.thinks_for, self._answer, "486 Busy Here", invite, addr)

    def _answer(self, status: str, request: str, addr: object) -> None:
        copied = re.findall(r"(?m)^(?:Via|From|To|Call-ID|CSeq): [^\r]*", request)
        lines = [f"{one};tag=p" if one.startswith("To") else one for one in copied]
        answer = "\r\n".join([f"SIP/2.0 {status}", *lines, "Content-Length: 0"])
        self.transport.sendto(f"{answer}\r\n\r\n".encode(), addr)

    async def register(
        self, switch: str, account: str, password: str, *, expires: int = 120
    ) -> int:
        """The final status; with ``expires`` 0 the registration is taken back."""
        status, answer = await self._send(switch, account, "", expires)
        if status != 401:
            return status
        line = digest_line(answer, f"sip:{switch}", account, password)
        return (await self._send(switch, account, line, expires))[0]

    async def _send(
        self, switch: str, account: str, authorization: str, expires: int
    ) -> tuple[int, str]:
        host, port = self.transport.get_extra_info("sockname")[:2]
        self._sequence += 1
        request = (
            f"REGISTER sip:{switch} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{new_id().hex};rport\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:{account}@{switch}>;tag=t\r\n"
            f"To: <sip:{account}@{switch}>\r\nCall-ID: {id(self)}\r\n"
            f"CSeq: {self._sequence} REGISTER\r\nContact: <sip:{account}@{host}:{port}>\r\n"
            f"Expires: {expires}\r\n{authorization}Content-Length: 0\r\n\r\n"
        )
        self.transport.sendto(request.encode(), (switch, 5060))
        async with asyncio.timeout(5):
            while True:
                answer = await self._answers.get()
                if f"CSeq: {self._sequence} " in answer and not answer.startswith("SIP/2.0 1"):
                    return int(answer[8:11]), answer


def digest_line(challenge: str, uri: str, account: str, password: str) -> str:
    """The header that answers the 401 ``challenge`` to a REGISTER."""
    realm, nonce = (
        re.search(rf'{key}="([^"]+)"', challenge).group(1)  # type: ignore[union-attr]
        for key in ("realm", "nonce")
    )
    first = _md5(f"{account}:{realm}:{password}")
    response = _md5(f"{first}:{nonce}:00000001:c:auth:{_md5(f'REGISTER:{uri}')}")
    line = (
        f'Authorization: Digest username="{account}",realm="{realm}",nonce="{nonce}",'
        f'uri="{uri}",response="{response}",algorithm=MD5,cnonce="c",qop=auth,nc=00000001\r\n'
    )
    if opaque := re.search(r'opaque="([^"]+)"', challenge):
        line = line.replace("algorithm=MD5", f'algorithm=MD5,opaque="{opaque.group(1)}"')
    return line


def _md5(value: str) -> str:
    return hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()


@pytest.fixture
def hosts() -> LoopbackPair:
    return free_loopback_pair()


@pytest.fixture
async def process(
    hosts: LoopbackPair,
    database_url: URL,
    installation: Installation,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[SwitchProcess]:
    """A switch on a database of its own."""
    home = Path(tmp_path_factory.mktemp("acc"))
    configuration = SwitchConfiguration(
        node="accounts",
        home=home,
        sip=Address(hosts.switch, 5060),
        ari=Address(hosts.switch, 8088),
        sounds=home / "sounds",
        spool=home / "spool",
        carriers=[Carrier(name="elsewhere", host=hosts.carrier)],
        database=SwitchDatabase(
            name=str(database_url.database),
            user=SWITCH_ROLE,
            password=PASSWORDS[SWITCH_ROLE],
            socket=Path(str(database_url.query["host"])),
        ),
    )
    async with SwitchProcess(
        configuration, installation, STAND_IN_DIALPLAN, dies_with_us=True
    ) as running:
        yield running


@pytest.fixture
async def phone(hosts: LoopbackPair) -> AsyncIterator[SipPhone]:
    loop = asyncio.get_running_loop()
    net = hosts.switch.rsplit(".", 1)[0]
    transport, phone = await loop.create_datagram_endpoint(SipPhone, local_addr=(f"{net}.9", 0))
    yield phone
    transport.close()


async def add_account(database: Database, account: str, secret: str) -> None:
    async with database.platform() as session:
        enterprise = new_id()
        await session.execute(
            text("insert into enterprises (id, name) values (:id, 'x')"), {"id": enterprise}
        )
        await session.execute(
            text(
                "insert into sip_accounts (id, enterprise_id, account, secret, display_name)"
                " values (:id, :enterprise, :account, :secret, 'Li \"<x>\"')"
            ),
            {"id": new_id(), "enterprise": enterprise, "account": account, "secret": secret},
        )


async def switch_off(database: Database, account: str) -> None:
    async with database.platform() as session:
        await session.execute(
            text("update sip_accounts set enabled = false where account = :account"),
            {"account": account},
        )


async def test_accounts_count_from_the_next_request(
    process: SwitchProcess, phone: SipPhone, database: Database, hosts: LoopbackPair
) -> None:
    assert await phone.register(hosts.switch, "li", "right") == 401
    await add_account(database, "li", "right")
    assert await phone.register(hosts.switch, "li", "right") == 200
    assert await phone.register(hosts.switch, "li", "wrong") == 401
    await switch_off(database, "li")
    assert await phone.register(hosts.switch, "li", "right") == 401
    log = process.configuration.log.read_text()
    assert "WARNING" not in log
    assert "ERROR" not in log


async def test_the_switch_outlives_its_database_connection(
    process: SwitchProcess,
    phone: SipPhone,
    database: Database,
    database_url: URL,
    hosts: LoopbackPair,
) -> None:
    await add_account(database, "li", "right")
    assert await phone.register(hosts.switch, "li", "right") == 200
    run_as_owner(
        database_url,
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'hotline-switch'",
    )
    assert "elsewhere" in await process.management.endpoints()
    assert await phone.register(hosts.switch, "li", "right") == 200
    assert process.restarts == 0
