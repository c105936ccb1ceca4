"""First logins on the console."""

from __future__ import annotations

from collections.abc import Iterable

from rich.markup import escape
from rich.table import Table

from hotline.seeds import FirstLogin


def logins_table(logins: Iterable[FirstLogin]) -> Table:
    table = Table("login", "password", "role", "of", box=None, pad_edge=False)
    for login in logins:
        table.add_row(login.login, escape(login.password), login.role, escape(login.enterprise))
    return table
