"""Who may give which power to whom. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from hotline.kit.errors import ConflictError, ForbiddenError, InvalidError, Words
from hotline.staff.permissions import ROLE_PERMISSIONS, Permission, Role, scopes_for
from hotline.staff.principal import Principal


class TooPowerfulError(ForbiddenError):
    error_id = "too-powerful"
    title = "Nobody can give or touch more power than they have themselves"
    title_zh = "不能授予或管理超过自身的权限"


class LastAdministratorError(ConflictError):
    error_id = "last-administrator"
    title = "The last one in charge cannot be removed"
    title_zh = "不能移除最后一位管理员"


def check_may_manage(principal: Principal, role: Role) -> None:
    """Raise TooPowerfulError unless ``principal`` holds everything that ``role`` does."""
    if not ROLE_PERMISSIONS[role] <= principal.permissions:
        raise TooPowerfulError


def check_role_fits(role: Role, *, of_operator: bool) -> None:
    """Raise InvalidError for an operator inside an enterprise, or another role outside one."""
    if (role is Role.OPERATOR) != of_operator:
        raise InvalidError(fields={"role": Words("does not fit here", "角色不适用")})


def check_scopes(principal: Principal, scopes: Iterable[Permission], *, of_operator: bool) -> None:
    """Raise TooPowerfulError or InvalidError for scopes that a new key cannot have."""
    wanted = frozenset(scopes)
    if not wanted <= principal.permissions:
        raise TooPowerfulError
    if not wanted <= scopes_for(of_operator):
        raise InvalidError(fields={"scopes": Words("do not fit here", "权限范围不适用")})


def leaves_charge(role_before: Role, role_after: Role, *, stays_active: bool) -> bool:
    """Whether a change takes someone in charge out of it."""
    in_charge = {Role.OPERATOR, Role.ADMINISTRATOR}
    return role_before in in_charge and not (stays_active and role_after is role_before)
