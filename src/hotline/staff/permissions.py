"""What each role may do: the one table that says so."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """Who a person is. Operators belong to no enterprise, the others to exactly one."""

    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    SUPERVISOR = "supervisor"
    AGENT = "agent"


class Permission(StrEnum):
    """One thing that may be allowed; also the scope of an API key. Reading comes apart."""

    HOTLINES_READ = "hotlines.read"
    HOTLINES_WRITE = "hotlines.write"
    DESTINATIONS_READ = "destinations.read"
    DESTINATIONS_WRITE = "destinations.write"
    DESTINATIONS_APPROVE = "destinations.approve"
    GROUPS_READ = "groups.read"
    GROUPS_WRITE = "groups.write"
    SCREENING_READ = "screening.read"
    SCREENING_WRITE = "screening.write"
    PROMPTS_READ = "prompts.read"
    PROMPTS_WRITE = "prompts.write"
    SCHEDULES_READ = "schedules.read"
    SCHEDULES_WRITE = "schedules.write"
    QUEUES_READ = "queues.read"
    QUEUES_WRITE = "queues.write"
    FLOWS_READ = "flows.read"
    FLOWS_WRITE = "flows.write"
    AGENTS_READ = "agents.read"
    AGENTS_WRITE = "agents.write"
    AGENTS_COMMAND = "agents.command"
    """Change what an agent is doing."""
    AGENTS_WORK = "agents.work"
    """Be an agent: one's own state, device and times."""
    CALLS_READ = "calls.read"
    CALLS_EXPORT = "calls.export"
    CALLS_SUPERVISE = "calls.supervise"
    """Listen to calls that go on, speak in them, take them over, end them."""
    RECORDINGS_LISTEN = "recordings.listen"
    RECORDINGS_DELETE = "recordings.delete"
    VOICEMAIL_BOXES_READ = "voicemail_boxes.read"
    VOICEMAIL_BOXES_WRITE = "voicemail_boxes.write"
    VOICEMAIL_LISTEN = "voicemail.listen"
    """Agents: their own boxes."""
    VOICEMAIL_HANDLE = "voicemail.handle"
    """Mark, note and delete; agents in their own boxes."""
    SURVEYS_READ = "surveys.read"
    SURVEYS_WRITE = "surveys.write"
    SURVEY_RESULTS_READ = "survey_results.read"
    """Agents: what their own callers said."""
    SURVEY_RESULTS_EXPORT = "survey_results.export"
    QUALITY_READ = "quality.read"
    """Agents: what was found of their own talks."""
    QUALITY_WRITE = "quality.write"
    QUALITY_EXPORT = "quality.export"
    BULLETINS_READ = "bulletins.read"
    BULLETINS_WRITE = "bulletins.write"
    USERS_READ = "users.read"
    USERS_MANAGE = "users.manage"
    API_KEYS_MANAGE = "api_keys.manage"
    AUDIT_READ = "audit.read"
    WEBHOOKS_MANAGE = "webhooks.manage"
    ENTERPRISE_READ = "enterprise.read"
    ENTERPRISES_MANAGE = "enterprises.manage"
    CARRIERS_MANAGE = "carriers.manage"
    HOTLINES_ASSIGN = "hotlines.assign"
    OPERATORS_MANAGE = "operators.manage"
    PLATFORM_READ = "platform.read"
    """How the site itself is."""


_OPERATOR_ONLY: Final = frozenset(
    {
        Permission.DESTINATIONS_APPROVE,
        Permission.ENTERPRISES_MANAGE,
        Permission.CARRIERS_MANAGE,
        Permission.HOTLINES_ASSIGN,
        Permission.OPERATORS_MANAGE,
        Permission.PLATFORM_READ,
    }
)

_SUPERVISOR: Final = frozenset(
    {
        Permission.HOTLINES_READ,
        Permission.DESTINATIONS_READ,
        Permission.GROUPS_READ,
        Permission.GROUPS_WRITE,
        Permission.SCREENING_READ,
        Permission.SCREENING_WRITE,
        Permission.PROMPTS_READ,
        Permission.PROMPTS_WRITE,
        Permission.SCHEDULES_READ,
        Permission.SCHEDULES_WRITE,
        Permission.QUEUES_READ,
        Permission.QUEUES_WRITE,
        Permission.FLOWS_READ,
        Permission.FLOWS_WRITE,
        Permission.AGENTS_READ,
        Permission.AGENTS_COMMAND,
        Permission.AGENTS_WORK,
        Permission.CALLS_READ,
        Permission.CALLS_EXPORT,
        Permission.CALLS_SUPERVISE,
        Permission.RECORDINGS_LISTEN,
        Permission.VOICEMAIL_BOXES_READ,
        Permission.VOICEMAIL_BOXES_WRITE,
        Permission.VOICEMAIL_LISTEN,
        Permission.VOICEMAIL_HANDLE,
        Permission.SURVEYS_READ,
        Permission.SURVEYS_WRITE,
        Permission.SURVEY_RESULTS_READ,
        Permission.SURVEY_RESULTS_EXPORT,
        Permission.QUALITY_READ,
        Permission.QUALITY_WRITE,
        Permission.QUALITY_EXPORT,
        Permission.BULLETINS_READ,
        Permission.BULLETINS_WRITE,
        Permission.USERS_READ,
        Permission.ENTERPRISE_READ,
    }
)

ROLE_PERMISSIONS: Final[dict[Role, frozenset[Permission]]] = {
    Role.OPERATOR: frozenset(Permission),
    Role.ADMINISTRATOR: frozenset(Permission) - _OPERATOR_ONLY,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.AGENT: frozenset(
        {
            Permission.SCHEDULES_READ,
            Permission.AGENTS_WORK,
            Permission.VOICEMAIL_LISTEN,
            Permission.VOICEMAIL_HANDLE,
            Permission.SURVEY_RESULTS_READ,
            Permission.QUALITY_READ,
        }
    ),
}


def changes_something(permission: Permission) -> bool:
    """Whether it allows more than looking; refused while an enterprise is suspended."""
    return permission.rpartition(".")[2] not in {"read", "listen", "export"}


def scopes_for(belongs_to_operator: bool) -> frozenset[Permission]:
    """The most that an API key of the operator, or of an enterprise, can hold."""
    return ROLE_PERMISSIONS[Role.OPERATOR if belongs_to_operator else Role.ADMINISTRATOR]
