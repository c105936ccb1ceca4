"""SIP accounts of agents: one for the phone in the browser, one for a SIP phone.

The switch reads them from the database: what is written here counts from the next request on.
"""

from __future__ import annotations

import secrets
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from hotline.agents.models import sip_accounts
from hotline.kit.errors import NotFoundError
from hotline.kit.ids import new_id

PREFIX: Final = "acct-"
"""Tells accounts from carriers, for the switch and for people."""
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what looks alike: these are typed into desk phones."""
_NAME_LENGTH: Final = 10
_SECRET_LENGTH: Final = 20
"""99 bits."""


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


class SipAccounts:
    """The accounts of one enterprise's agents, within one transaction."""

    def __init__(self, session: AsyncSession, enterprise_id: UUID) -> None:
        self._session = session
        self._enterprise_id = enterprise_id

    async def create(self, agent_id: UUID, display_name: str, *, enabled: bool) -> None:
        """Both accounts of a new agent; nobody has seen their secrets yet."""
        rows = [
            {
                "id": new_id(),
                "enterprise_id": self._enterprise_id,
                "agent_id": agent_id,
                "account": PREFIX + _random(_NAME_LENGTH),
                "secret": _random(_SECRET_LENGTH),
                "display_name": display_name,
                "webrtc": webrtc,
                "enabled": enabled,
            }
            for webrtc in (False, True)
        ]
        await self._session.execute(insert(sip_accounts), rows)

    async def change(self, agent_id: UUID, display_name: str, *, enabled: bool) -> None:
        """Follow the agent; the registrations of one switched off are dropped."""
        await self._session.execute(
            update(sip_accounts)
            .where(sip_accounts.c.agent_id == agent_id, self._mine())
            .values(display_name=display_name, enabled=enabled)
        )

    async def reset(self, agent_id: UUID, *, webrtc: bool) -> tuple[str, str]:
        """(account, new secret); whoever is registered with the old one is dropped.

        Raises NotFoundError.
        """
        secret = _random(_SECRET_LENGTH)
        found = await self._session.execute(
            update(sip_accounts)
            .where(
                sip_accounts.c.agent_id == agent_id,
                sip_accounts.c.webrtc == webrtc,
                self._mine(),
            )
            .values(secret=secret)
            .returning(sip_accounts.c.account)
        )
        account = found.scalar_one_or_none()
        if account is None:
            raise NotFoundError
        return account, secret

    async def of(self, agent_id: UUID) -> dict[bool, str]:
        """webrtc → account."""
        found = await self._session.execute(
            select(sip_accounts.c.webrtc, sip_accounts.c.account).where(
                sip_accounts.c.agent_id == agent_id, self._mine()
            )
        )
        return {webrtc: account for webrtc, account in found}

    def _mine(self) -> ColumnElement[bool]:
        return sip_accounts.c.enterprise_id == self._enterprise_id
