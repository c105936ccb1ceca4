-- Enterprises, and the wall between them. Every table with an enterprise_id is closed by row-level
-- security through protect_tenant_table(); a test looks for tables that were forgotten.

create function set_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end $$;

-- ------------------------------------------------------------ who speaks

-- The tenant role can write any setting, so the setting that names the enterprise carries a seal
-- that only the platform role can make. Someone who smuggles SQL into a tenant's transaction sees
-- that tenant's rows and, by setting another name, nothing at all.
create table scope_secret (
  the_one boolean primary key default true check (the_one),
  secret bytea not null
);
insert into scope_secret (secret)
  values (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
revoke all on scope_secret from public;

-- The message has a fixed length (16 bytes), so a plain hash behind the secret cannot be extended.
create function tenant_seal(enterprise uuid) returns text
language sql stable strict security definer set search_path = pg_catalog, pg_temp
as $$ select encode(sha256(secret || uuid_send(enterprise)), 'hex') from public.scope_secret $$;
revoke execute on function tenant_seal from public;
grant execute on function tenant_seal to hotline_platform;

-- The enterprise of this transaction: hotline.enterprise is "<id>:<seal>". Null if it is not set
-- or not sealed, and null equals no row.
create function current_tenant() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  claimed text := current_setting('hotline.enterprise', true);
  enterprise uuid;
begin
  if claimed is null or claimed !~ '^[0-9a-f-]{36}:[0-9a-f]{64}$' then
    return null;
  end if;
  enterprise := split_part(claimed, ':', 1)::uuid;
  if split_part(claimed, ':', 2) = public.tenant_seal(enterprise) then
    return enterprise;
  end if;
  return null;
end $$;
revoke execute on function current_tenant from public;
grant execute on function current_tenant to hotline_app;

-- ------------------------------------------------------------ what is seen

-- hotline_app sees only the enterprise that the transaction's sealed setting names; hotline_platform
-- (operator pages, call engine, worker) sees all. Neither owns the tables nor may bypass row
-- security. "(select …)" lets PostgreSQL ask once a statement instead of once a row.
create function protect_tenant_table(name regclass, app_privileges text default 'select, insert, update, delete')
returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', name);
  execute format('alter table %s force row level security', name);
  execute format(
    'create policy tenant on %s to hotline_app
       using (enterprise_id = (select current_tenant()))
       with check (enterprise_id = (select current_tenant()))', name);
  execute format('create policy platform on %s to hotline_platform using (true) with check (true)', name);
  execute format('grant %s on %s to hotline_app', app_privileges, name);
  execute format('grant select, insert, update, delete on %s to hotline_platform', name);
end $$;

-- ------------------------------------------------------------ enterprises

create table enterprises (
  id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  status text not null default 'active' check (status in ('active', 'suspended')),
  balance numeric(14, 4) not null default 0,        -- yuan
  credit_limit numeric(14, 4) not null default 0 check (credit_limit >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
-- The tenant's own row: its id stands for enterprise_id.
alter table enterprises enable row level security;
alter table enterprises force row level security;
create policy tenant on enterprises to hotline_app using (id = (select current_tenant()));
create policy platform on enterprises to hotline_platform using (true) with check (true);
grant select on enterprises to hotline_app;
grant select, insert, update, delete on enterprises to hotline_platform;
create trigger set_updated_at before update on enterprises for each row execute function set_updated_at();
