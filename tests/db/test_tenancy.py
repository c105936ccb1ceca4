"""Row-level security keeps enterprises apart even when a query forgets to, or means not to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from hotline.db.database import Database
from hotline.db.migrate import APP_ROLE, PLATFORM_ROLE, SWITCH_ROLE
from hotline.kit.ids import new_id

# Of the platform alone: nothing of one enterprise is in them that the enterprise could ask for.
PLATFORM_TABLES = {
    "alembic_version",
    "carrier_health",
    "carriers",
    "controllers",
    "idempotency_keys",
    "login_throttles",
    "nodes",
    "number_stock",
    "ps_contacts",
    "scope_secret",
    "sip_endpoint_names",
}
TABLES = "c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace"


@pytest.fixture
def owner(database_url: URL) -> Iterator[Connection]:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
async def pair(database: Database) -> tuple[UUID, UUID]:
    """Two enterprises."""
    ours, theirs = new_id(), new_id()
    async with database.platform() as session:
        await session.execute(
            text("insert into enterprises (id, name) values (:a, 'ours'), (:b, 'theirs')"),
            {"a": ours, "b": theirs},
        )
    return ours, theirs


def column(owner: Connection, statement: str, **parameters: object) -> list[Any]:
    return list(owner.execute(text(statement), parameters).scalars())


async def test_a_tenant_sees_only_itself(database: Database, pair: tuple[UUID, UUID]) -> None:
    async with database.tenant(pair[0]) as session:
        names = (await session.execute(text("select name from enterprises"))).scalars().all()
    assert names == ["ours"]


async def test_the_next_transaction_begins_without_a_scope(
    database: Database, pair: tuple[UUID, UUID]
) -> None:
    async with database.tenant(pair[0]) as session:
        pass
    async with database.tenant(new_id()) as session:
        assert (await session.execute(text("select name from enterprises"))).all() == []


TRICKS = [
    "reset role",
    "set role none",
    f"set role {PLATFORM_ROLE}",
    f"set session authorization {PLATFORM_ROLE}",
    "reset session authorization",
    "set row_security = off",
    "set hotline.enterprise = '{theirs}'",
    "set hotline.enterprise = '{theirs}:" + "0" * 64 + "'",
    "select set_config('hotline.enterprise', '{theirs}:' || "
    "split_part(current_setting('hotline.enterprise'), ':', 2), true)",
    "reset hotline.enterprise",
    "select tenant_seal('{theirs}')",
    "select secret from scope_secret",
    "create function current_tenant() returns uuid language sql as $$ select null::uuid $$",
    "set search_path = pg_temp, public",
    "alter table enterprises disable row level security",
    "drop policy tenant on enterprises",
]


async def test_no_statement_widens_a_tenants_scope(
    database: Database, pair: tuple[UUID, UUID]
) -> None:
    ours, theirs = pair
    for trick in TRICKS:
        statement = text(trick.format(theirs=theirs).replace(":0", r"\:0"))
        seen: set[str] = set()
        try:
            async with database.tenant(ours) as session:
                await session.execute(statement)
                names = await session.execute(text("select name from enterprises"))
                seen = set(names.scalars())
        except DBAPIError:
            continue  # refused: as good as unseen
        assert seen <= {"ours"}, trick


@pytest.mark.parametrize(
    "secret",
    [
        "select password_hash from users",
        "select token_hash from sessions",
        "select csrf_token from sessions",
        "select secret_hash from api_keys",
    ],
)
async def test_a_tenants_transaction_reads_no_secret(
    database: Database, pair: tuple[UUID, UUID], secret: str
) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.tenant(pair[0]) as session:
            await session.execute(text(secret))


@pytest.mark.parametrize(
    "verb", ["update audit_entries set action = ''", "delete from audit_entries"]
)
async def test_nobody_rewrites_the_audit_trail(
    database: Database, pair: tuple[UUID, UUID], verb: str
) -> None:
    for scope in (database.tenant(pair[0]), database.platform()):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with scope as session:
                await session.execute(text(verb))


async def test_rows_cannot_be_given_to_another_tenant(
    database: Database, pair: tuple[UUID, UUID]
) -> None:
    ours, theirs = pair
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.tenant(ours) as session:
            await session.execute(
                text(
                    "insert into forwarding_groups (id, enterprise_id, name, strategy) "
                    "values (:id, :theirs, 'x', 'random')"
                ),
                {"id": new_id(), "theirs": theirs},
            )


def test_every_tenant_table_has_both_policies(owner: Connection) -> None:
    forgotten = f"""
      select c.relname from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'enterprise_id'
      where {TABLES}
        and (not c.relrowsecurity or not c.relforcerowsecurity
             or (select count(*) from pg_policy p where p.polrelid = c.oid
                   and p.polroles <> array['{SWITCH_ROLE}'::regrole::oid]) <> 2)
    """
    assert column(owner, forgotten) == []
    for_the_switch = f"""
      select polrelid::regclass || ' ' || polcmd::text from pg_policy
      where '{SWITCH_ROLE}'::regrole = any (polroles)
    """
    assert column(owner, for_the_switch) == ["sip_accounts r"]


def test_every_tenant_policy_asks_for_the_sealed_scope(owner: Connection) -> None:
    loose = f"""
      select c.relname from pg_policy p join pg_class c on c.oid = p.polrelid
      where {TABLES} and '{APP_ROLE}'::regrole = any (p.polroles)
        and (pg_get_expr(p.polqual, p.polrelid) !~ 'current_tenant\\(\\)'
             or (c.relname <> 'enterprises'
                 and pg_get_expr(p.polwithcheck, p.polrelid) !~ 'current_tenant\\(\\)'))
    """
    assert column(owner, loose) == []
    for_everyone = "select polrelid::regclass::text from pg_policy where 0 = any (polroles)"
    assert column(owner, for_everyone) == []


def test_every_table_belongs_to_a_tenant_or_is_known_to_be_the_platforms(owner: Connection) -> None:
    without = f"""
      select c.relname from pg_class c
      where {TABLES} and c.relname !~ '^procrastinate_' and c.relname <> 'enterprises'
        and not exists (select from pg_attribute a
                        where a.attrelid = c.oid and a.attname = 'enterprise_id')
    """
    assert set(column(owner, without)) <= PLATFORM_TABLES


def test_the_tenants_role_reaches_no_table_without_policies(owner: Connection) -> None:
    reachable = f"""
      select c.relname from pg_class c
      where {TABLES} and not c.relrowsecurity
        and (has_table_privilege('{APP_ROLE}', c.oid, 'select, insert, update, delete, truncate')
             or has_any_column_privilege('{APP_ROLE}', c.oid, 'select, insert, update'))
    """
    assert column(owner, reachable) == []


def test_views_keep_to_the_askers_rights(owner: Connection) -> None:
    """A plain view runs with its owner's rights: the tenants' role must not see through one."""
    open_views = f"""
      select c.relname from pg_class c
      where c.relkind in ('v', 'm') and c.relnamespace = 'public'::regnamespace
        and has_table_privilege('{APP_ROLE}', c.oid, 'select')
        and not coalesce('security_invoker=true' = any (c.reloptions), false)
    """
    assert column(owner, open_views) == []


def test_the_tenants_role_runs_no_function_with_anothers_rights(owner: Connection) -> None:
    privileged = f"""
      select p.proname from pg_proc p
      where p.prosecdef and p.pronamespace = 'public'::regnamespace
        and has_function_privilege('{APP_ROLE}', p.oid, 'execute')
    """
    # Both take the enterprise from the seal, whatever the caller says.
    assert set(column(owner, privileged)) == {"current_tenant", "enqueue_job"}


def test_no_role_of_ours_can_bypass_or_become_more(owner: Connection) -> None:
    roles = [APP_ROLE, PLATFORM_ROLE, SWITCH_ROLE]
    strong = """
      select rolname from pg_roles where rolname = any (:roles)
        and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
    """
    assert column(owner, strong, roles=roles) == []
    members = """
      select member::regrole::text from pg_auth_members
      where member in (select oid from pg_roles where rolname = any (:roles))
    """
    assert column(owner, members, roles=roles) == []
    owned = """
      select relname from pg_class
      where relowner in (select oid from pg_roles where rolname = any (:roles))
    """
    assert column(owner, owned, roles=roles) == []
    creators = """
      select r from unnest(cast(:roles as text[])) r
      where has_schema_privilege(r, 'public', 'create')
    """
    assert column(owner, creators, roles=roles) == []
