"""Who asks, as an agent."""

from __future__ import annotations

from uuid import UUID

from hotline.agents.service import Agents, NoAgentError
from hotline.api.scope import RequestScope


async def agent_of(scope: RequestScope) -> UUID:
    """The agent that the person is who asks. Raises NoAgentError."""
    if scope.principal.kind != "user":
        raise NoAgentError
    agents = Agents(scope.session, scope.enterprise_id, scope.audit)
    me: UUID = (await agents.of_user(scope.principal.id))["id"]
    return me
