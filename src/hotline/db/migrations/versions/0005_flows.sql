-- Flows: a draft that is edited, versions that were published and never change, and the lists that
-- their nodes ask.

create table flows (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  name text not null check (length(name) between 1 and 100),
  draft jsonb not null,                              -- may be unfinished
  published_version int,                             -- the one that calls walk; null: none yet
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, id)
);
select protect_tenant_table('flows');
create trigger set_updated_at before update on flows for each row execute function set_updated_at();

create table flow_versions (
  flow_id uuid not null,
  version int not null check (version > 0),
  enterprise_id uuid not null references enterprises,
  graph jsonb not null,
  refs uuid[] not null,                              -- everything that its nodes name
  note text not null default '' check (length(note) <= 500),
  published_by text not null,
  published_at timestamptz not null default now(),
  primary key (flow_id, version),
  foreign key (enterprise_id, flow_id) references flows (enterprise_id, id) on delete cascade
);
create index on flow_versions using gin (refs);
select protect_tenant_table('flow_versions', 'select, insert');

alter table flows add constraint flows_published_version
  foreign key (id, published_version) references flow_versions (flow_id, version);

-- Which published flows use a thing, for those who want to delete it.
create function flows_using(p_thing uuid) returns table (id uuid, name text)
language sql stable as $$
  select f.id, f.name from flows f join flow_versions v on v.flow_id = f.id and v.version = f.published_version
    where v.refs @> array[p_thing] order by f.name, f.id limit 20
$$;

-- ------------------------------------------------------------ lists of callers

create table caller_lists (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  name text not null check (length(name) between 1 and 100),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, id),
  constraint caller_lists_once unique (enterprise_id, name)
);
select protect_tenant_table('caller_lists');
create trigger set_updated_at before update on caller_lists for each row execute function set_updated_at();

create table caller_list_entries (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  list_id uuid not null,
  number text not null check (number ~ '^\+?[0-9]{3,20}$'),
  note text not null default '' check (length(note) <= 200),
  extension text check (extension ~ '^[0-9]{2,8}$'),  -- where this caller goes straight away
  queue_id uuid,
  until timestamptz,                                 -- null: for ever
  created_at timestamptz not null default now(),
  constraint caller_list_entries_once unique (list_id, number),
  foreign key (enterprise_id, list_id) references caller_lists (enterprise_id, id) on delete cascade,
  check (extension is null or queue_id is null)
);
select protect_tenant_table('caller_list_entries');

-- ------------------------------------------------------------ lists of codes

create table code_lists (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  name text not null check (length(name) between 1 and 100),
  salt bytea not null default uuid_send(gen_random_uuid()),
  tries_allowed int not null default 5 check (tries_allowed between 1 and 20),        -- wrong ones in a row
  lockout_minutes int not null default 30 check (lockout_minutes between 1 and 10080),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, id),
  constraint code_lists_once unique (enterprise_id, name)
);
select protect_tenant_table('code_lists');
create trigger set_updated_at before update on code_lists for each row execute function set_updated_at();

create table codes (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  list_id uuid not null,
  hash bytea not null,                               -- scrypt with the list's salt
  label text not null default '' check (length(label) <= 100),
  until timestamptz,
  created_at timestamptz not null default now(),
  constraint codes_once unique (list_id, hash),
  foreign key (enterprise_id, list_id) references code_lists (enterprise_id, id) on delete cascade
);
select protect_tenant_table('codes', 'insert, delete');
grant select (id, enterprise_id, list_id, label, until, created_at) on codes to hotline_app;

create table code_tries (
  list_id uuid not null references code_lists on delete cascade,
  caller text not null,
  enterprise_id uuid not null references enterprises,
  failures int not null default 0,
  last_at timestamptz not null default now(),
  locked_until timestamptz,
  primary key (list_id, caller)
);
select protect_tenant_table('code_tries', 'select, delete');

-- Try a code; wrong ones in a row lock the caller out of the list. Two tries at once are counted
-- one after the other.
create function try_code(p_list uuid, p_caller text, p_hash bytea, p_at timestamptz, out result text, out label text)
language plpgsql as $$
declare
  list code_lists;
  tried code_tries;
begin
  select * into list from code_lists where id = p_list;
  if not found then
    result := 'wrong';
    return;
  end if;
  insert into code_tries (list_id, caller, enterprise_id, last_at) values (p_list, p_caller, list.enterprise_id, p_at)
    on conflict do nothing;
  select * into tried from code_tries where list_id = p_list and caller = p_caller for update;
  if tried.locked_until > p_at then
    result := 'locked';
    return;
  end if;
  select c.label into label from codes c where c.list_id = p_list and c.hash = p_hash
    and (c.until is null or c.until > p_at);
  if found then
    delete from code_tries where list_id = p_list and caller = p_caller;
    result := 'accepted';
    return;
  end if;
  -- A failure is forgotten after as long as a lock-out lasts.
  tried.failures := case when tried.locked_until is not null
    or tried.last_at < p_at - make_interval(mins => list.lockout_minutes) then 1 else tried.failures + 1 end;
  update code_tries set failures = tried.failures, last_at = p_at, locked_until =
      case when tried.failures >= list.tries_allowed then p_at + make_interval(mins => list.lockout_minutes) end
    where list_id = p_list and caller = p_caller;
  result := case when tried.failures >= list.tries_allowed then 'locked' else 'wrong' end;
end $$;
revoke execute on function try_code from public;
grant execute on function try_code to hotline_platform;
