"""Row-level security keeps enterprises apart even when a query forgets to."""

from __future__ import annotations

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from hotline.db.database import Database
from hotline.kit.ids import new_id


async def test_a_tenant_sees_only_itself(database: Database) -> None:
    ours, theirs = new_id(), new_id()
    async with database.platform() as session:
        await session.execute(
            text("insert into enterprises (id, name) values (:a, 'ours'), (:b, 'theirs')"),
            {"a": ours, "b": theirs},
        )
    async with database.tenant(ours) as session:
        names = (await session.execute(text("select name from enterprises"))).scalars().all()
    assert names == ["ours"]


def test_every_tenant_table_has_both_policies(database_url: URL) -> None:
    forgotten = """
      select c.relname from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'enterprise_id'
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
        and (not c.relrowsecurity or not c.relforcerowsecurity
             or (select count(*) from pg_policy p where p.polrelid = c.oid) < 2)
    """
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert connection.execute(text(forgotten)).scalars().all() == []
    engine.dispose()
