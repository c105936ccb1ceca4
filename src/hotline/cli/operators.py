"""``hotline operator add|password``."""

from __future__ import annotations

from typing import Annotated

import typer
import uvloop
from pydantic import TypeAdapter, ValidationError
from rich.markup import escape

from hotline.auditing import Installing
from hotline.cli.output import out
from hotline.cli.site import platform_session
from hotline.kit.errors import NotFoundError
from hotline.staff.passwords import Passwords, first_password
from hotline.staff.permissions import Role
from hotline.staff.schemas import LoginName
from hotline.staff.users import NewUser, UserChange, UserService

program = typer.Typer(
    no_args_is_help=True,
    help="The platform's own people: who may do everything, entered from this machine.",
)


def _checked(entered: str) -> str:
    try:
        return _LOGIN.validate_python(entered).lower()
    except ValidationError as error:
        wanted = "2 to 64 letters, digits and ._@+-, beginning with a letter or digit"
        raise typer.BadParameter(wanted) from error


_LOGIN: TypeAdapter[str] = TypeAdapter(LoginName)
Login = Annotated[str, typer.Argument(help="What they log in with.", callback=_checked)]


@program.command("add")
def add(
    login: Login,
    *,
    name: Annotated[str, typer.Option(help="A name for people; unset: the login.")] = "",
) -> None:
    """Enter somebody of the operator's. The first password is printed, this once."""
    password = first_password(login)
    uvloop.run(_add(NewUser(login, name or login, Role.OPERATOR, password)))
    _print(login, password)


@program.command("password")
def password(login: Login) -> None:
    """Give one of the operator's people a new password; who was logged in with the old is out."""
    given = first_password(login)
    uvloop.run(_give(login, given))
    _print(login, given)


async def _add(new: NewUser) -> None:
    async with platform_session() as session:
        await UserService(Installing(session, None), None, Passwords()).create(new)


async def _give(login: str, password: str) -> None:
    async with platform_session() as session:
        people = UserService(Installing(session, None), None, Passwords())
        found = await people.by_login(login)
        if found is None:
            raise NotFoundError(f"nobody of the operator's logs in as {login}")
        await people.change(found.id, UserChange(active=True, password=password))


def _print(login: str, password: str) -> None:
    out.print(f"login     {escape(login)}")
    out.print(f"password  {escape(password)}")
    out.print("It is not shown again; change it in the console.")
