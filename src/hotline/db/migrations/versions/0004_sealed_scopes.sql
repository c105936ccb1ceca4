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

-- "(select …)" lets PostgreSQL ask once a statement instead of once a row.
create or replace function protect_tenant_table(name regclass, app_privileges text default 'select, insert, update, delete')
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

do $$
declare name regclass;
begin
  for name in select polrelid from pg_policy where polname = 'tenant' and polrelid <> 'enterprises'::regclass loop
    execute format(
      'alter policy tenant on %s
         using (enterprise_id = (select current_tenant()))
         with check (enterprise_id = (select current_tenant()))', name);
  end loop;
end $$;
alter policy tenant on enterprises using (id = (select current_tenant()));

-- Queueing a job knows the enterprise by the seal too.
create or replace function enqueue_job(
  p_task text, p_args jsonb, p_queue text, p_priority int, p_lock text, p_once text, p_at timestamptz
) returns bigint language plpgsql security definer set search_path = jobs, pg_temp as $$
declare
  enterprise uuid := public.current_tenant();
begin
  if session_user = 'hotline_app' then
    if enterprise is null then
      raise insufficient_privilege using message = 'a job of no enterprise';
    end if;
    p_args := p_args || jsonb_build_object('enterprise_id', enterprise);
  end if;
  return (procrastinate_defer_jobs_v1(array[
    row(p_queue, p_task, p_priority, p_lock, p_once, p_args, p_at)::procrastinate_job_to_defer_v1]))[1];
exception
  when unique_violation then
    return null;
end $$;

-- ------------------------------------------------------------ what a tenant's transaction never reads

revoke all on users, sessions, api_keys from hotline_app;
grant insert, update on users to hotline_app;
grant select (id, enterprise_id, login, name, role, status, created_at, updated_at) on users to hotline_app;
grant delete on sessions to hotline_app;
grant select (user_id, enterprise_id) on sessions to hotline_app;
grant insert on api_keys to hotline_app;
grant update (revoked_at) on api_keys to hotline_app;
grant select (id, enterprise_id, name, prefix, scopes, created_by, created_at, expires_at, revoked_at, last_used_at)
  on api_keys to hotline_app;

-- ------------------------------------------------------------ the audit trail only grows

revoke update, delete on audit_entries from hotline_platform;
create index on audit_entries (at desc, id desc);

-- ------------------------------------------------------------ requests that come twice

create table idempotency_keys (
  principal_id uuid not null,
  key text not null check (length(key) between 1 and 200),
  request_hash bytea not null,
  created_at timestamptz not null,
  finished_at timestamptz,                           -- null: being answered
  status int,
  headers jsonb,
  body bytea,                                        -- null: holds a secret, or is too large to keep
  primary key (principal_id, key)
);
create index on idempotency_keys (created_at);
grant select, insert, update, delete on idempotency_keys to hotline_platform;
