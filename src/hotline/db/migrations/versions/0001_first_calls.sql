-- The tables of the first calls. Every table with an enterprise_id is closed by row-level security
-- through protect_tenant_table(); a test looks for tables that were forgotten.

create function set_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end $$;

-- hotline_app sees only the enterprise named by the transaction's setting hotline.enterprise;
-- hotline_platform (operator pages, call engine, worker) sees all. Neither owns the tables nor may
-- bypass row security.
create function protect_tenant_table(name regclass, app_privileges text default 'select, insert, update, delete')
returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', name);
  execute format('alter table %s force row level security', name);
  execute format(
    'create policy tenant on %s to hotline_app
       using (enterprise_id = nullif(current_setting(''hotline.enterprise'', true), '''')::uuid)
       with check (enterprise_id = nullif(current_setting(''hotline.enterprise'', true), '''')::uuid)', name);
  execute format('create policy platform on %s to hotline_platform using (true) with check (true)', name);
  execute format('grant %s on %s to hotline_app', app_privileges, name);
  execute format('grant select, insert, update, delete on %s to hotline_platform', name);
end $$;

-- ------------------------------------------------------------ enterprises and people

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
create policy tenant on enterprises to hotline_app
  using (id = nullif(current_setting('hotline.enterprise', true), '')::uuid);
create policy platform on enterprises to hotline_platform using (true) with check (true);
grant select on enterprises to hotline_app;
grant select, insert, update, delete on enterprises to hotline_platform;

create table users (
  id uuid primary key,
  enterprise_id uuid references enterprises,        -- null: the operator's people
  login text not null unique check (login = lower(login) and length(login) between 2 and 64),
  name text not null check (length(name) between 1 and 64),
  password_hash text not null,
  role text not null check (role in ('operator', 'administrator', 'supervisor', 'agent')),
  status text not null default 'active' check (status in ('active', 'disabled')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((role = 'operator') = (enterprise_id is null))
);
create index on users (enterprise_id);
select protect_tenant_table('users');

create table sessions (
  token_hash bytea primary key,
  user_id uuid not null references users on delete cascade,
  enterprise_id uuid references enterprises,
  csrf_token text not null,
  address text not null default '',
  user_agent text not null default '',
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index on sessions (user_id);
create index on sessions (expires_at);
select protect_tenant_table('sessions');

create table api_keys (
  id uuid primary key,
  enterprise_id uuid references enterprises,        -- null: the operator's programs
  name text not null check (length(name) between 1 and 64),
  prefix text not null unique,
  secret_hash bytea not null,
  scopes text[] not null,
  created_by uuid references users,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
create index on api_keys (enterprise_id);
select protect_tenant_table('api_keys');

create table login_throttles (
  subject text primary key,                          -- "login:…" or "address:…"
  failures int not null default 0,
  window_started_at timestamptz not null default now(),
  locked_until timestamptz
);
grant select, insert, update, delete on login_throttles to hotline_platform;

create table audit_entries (
  id uuid primary key,
  enterprise_id uuid references enterprises,
  at timestamptz not null default now(),
  actor_kind text not null check (actor_kind in ('user', 'api_key', 'system')),
  actor_id uuid,
  actor_name text not null,
  action text not null,                              -- e.g. hotline.update
  object_type text not null,
  object_id text not null,
  changes jsonb not null default '{}',               -- {"field": [before, after]}
  address text not null default ''
);
create index on audit_entries (enterprise_id, at desc, id desc);
select protect_tenant_table('audit_entries', 'select, insert');

-- ------------------------------------------------------------ prompts and schedules

create table prompts (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  name text not null check (length(name) between 1 and 100),
  kind text not null check (kind in ('text', 'upload')),
  text text check (length(text) <= 2000),
  voice text,
  speed real not null default 1.0 check (speed between 0.5 and 2.0),
  status text not null default 'pending' check (status in ('pending', 'ready', 'failed')),
  error text,
  error_zh text,
  content_hash text,                                 -- names the sound file
  duration_ms int,
  stand_in boolean not null default false,           -- another voice than the one asked for speaks it
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((kind = 'text') = (text is not null)),
  check ((status = 'ready') = (content_hash is not null and duration_ms is not null) or status <> 'ready'),
  unique (enterprise_id, id)
);
select protect_tenant_table('prompts');

create table schedules (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  name text not null check (length(name) between 1 and 100),
  time_zone text not null default 'Asia/Shanghai',
  weekly jsonb not null,                             -- {"1": [["09:00","18:00"]], …}, ISO weekday
  special_days jsonb not null default '{}',          -- {"2026-10-01": [] (closed) or [["10:00","16:00"]]}
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, id)
);
select protect_tenant_table('schedules');

-- ------------------------------------------------------------ hotlines and where they forward

create table destinations (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  number text not null check (number ~ '^[0-9]{3,20}$'),
  label text not null default '' check (length(label) <= 64),
  status text not null default 'pending' check (status in ('pending', 'approved', 'rejected', 'disabled')),
  reviewed_by uuid references users,
  reviewed_at timestamptz,
  review_note text not null default '' check (length(review_note) <= 500),
  ring_timeout int not null default 25 check (ring_timeout between 5 and 120),   -- seconds
  concurrent_cap int check (concurrent_cap between 1 and 1000),
  monthly_cap_minutes int check (monthly_cap_minutes between 1 and 1000000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, number),
  unique (enterprise_id, id)
);
select protect_tenant_table('destinations');

create table forwarding_groups (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  name text not null check (length(name) between 1 and 100),
  strategy text not null check (strategy in ('random', 'sequential', 'priority')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, id)
);
select protect_tenant_table('forwarding_groups');

create table forwarding_members (
  group_id uuid not null,
  destination_id uuid not null,
  enterprise_id uuid not null references enterprises,
  position int not null check (position >= 0),
  turns bigint not null default 0,                   -- calls given to it, for even rotation
  primary key (group_id, destination_id),
  foreign key (enterprise_id, group_id) references forwarding_groups (enterprise_id, id) on delete cascade,
  foreign key (enterprise_id, destination_id) references destinations (enterprise_id, id)
);
create index on forwarding_members (enterprise_id, destination_id);
select protect_tenant_table('forwarding_members');

create table hotlines (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  number text not null unique check (number ~ '^[0-9]{3,15}$'),
  name text not null check (length(name) between 1 and 100),
  status text not null default 'active' check (status in ('pending', 'active', 'suspended', 'closed')),
  concurrent_limit int check (concurrent_limit between 1 and 10000),
  schedule_id uuid,                                  -- null: always open
  group_id uuid,
  greeting_prompt_id uuid,
  closed_prompt_id uuid,                             -- out of hours
  failed_prompt_id uuid,                             -- nobody could be reached
  recording boolean not null default false,
  recording_notice_prompt_id uuid,
  caller_id_mode text not null default 'caller' check (caller_id_mode in ('caller', 'hotline')),
  whisper boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, id),
  constraint hotlines_schedule_id foreign key (enterprise_id, schedule_id) references schedules (enterprise_id, id),
  constraint hotlines_group_id foreign key (enterprise_id, group_id) references forwarding_groups (enterprise_id, id),
  constraint hotlines_greeting_prompt_id foreign key (enterprise_id, greeting_prompt_id) references prompts (enterprise_id, id),
  constraint hotlines_closed_prompt_id foreign key (enterprise_id, closed_prompt_id) references prompts (enterprise_id, id),
  constraint hotlines_failed_prompt_id foreign key (enterprise_id, failed_prompt_id) references prompts (enterprise_id, id),
  constraint hotlines_recording_notice_prompt_id foreign key (enterprise_id, recording_notice_prompt_id) references prompts (enterprise_id, id)
);
select protect_tenant_table('hotlines');

create table destination_usage (
  destination_id uuid not null,
  enterprise_id uuid not null references enterprises,
  month date not null,                               -- its first day, in Asia/Shanghai
  calls int not null default 0,
  talk_seconds bigint not null default 0,
  primary key (destination_id, month),
  foreign key (enterprise_id, destination_id) references destinations (enterprise_id, id) on delete cascade
);
select protect_tenant_table('destination_usage', 'select');

-- ------------------------------------------------------------ screening

create table screening_entries (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  hotline_id uuid,                                   -- null: every hotline
  pattern text not null check (pattern ~ '^[+]?[0-9]{1,20}$'),
  match text not null check (match in ('number', 'prefix')),
  action text not null check (action in ('reject', 'voicemail_notice')),
  until timestamptz,                                 -- null: for ever
  note text not null default '' check (length(note) <= 200),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint screening_entries_hotline_id foreign key (enterprise_id, hotline_id) references hotlines (enterprise_id, id) on delete cascade
);
create unique index screening_entries_once on screening_entries (enterprise_id, coalesce(hotline_id, '00000000-0000-0000-0000-000000000000'), match, pattern);
select protect_tenant_table('screening_entries');

create table blocked_areas (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  hotline_id uuid,                                   -- null: every hotline
  area_code text not null check (area_code ~ '^0[0-9]{2,3}$'),      -- 长途区号
  office_code text check (office_code ~ '^[0-9]{1,5}$'),            -- 局号; null: the whole area
  note text not null default '' check (length(note) <= 200),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint blocked_areas_hotline_id foreign key (enterprise_id, hotline_id) references hotlines (enterprise_id, id) on delete cascade
);
create unique index blocked_areas_once on blocked_areas (enterprise_id, coalesce(hotline_id, '00000000-0000-0000-0000-000000000000'), area_code, coalesce(office_code, ''));
select protect_tenant_table('blocked_areas');

-- ------------------------------------------------------------ calls

-- These tables take the most rows and are written by the functions of 0002 alone, with ids that
-- were read in the database a moment before. A foreign key would look each of them up again and
-- mark the enterprise's, hotline's and destination's row as locked at every call, which costs more
-- than the row; so there is none, and few indexes. They are history too: a call keeps the ids of a
-- hotline and destinations that were deleted later.

create table call_events (
  call_id uuid not null,
  id uuid not null,                                  -- derived from the call and what happened: appending twice is harmless
  enterprise_id uuid,                                -- null: no hotline was found
  at timestamptz not null,
  type text not null,
  data jsonb not null default '{}',
  primary key (call_id, id)
);
select protect_tenant_table('call_events', 'select');

create table calls (
  id uuid primary key,
  enterprise_id uuid,                                -- null: no hotline was found
  hotline_id uuid,
  dialled text not null,
  caller text not null,                              -- normalised; empty: anonymous
  caller_raw text not null,
  province text not null default '',
  city text not null default '',
  caller_carrier text not null default '',
  trunk text not null,
  node text not null,
  channel_id text not null,
  admitted boolean not null default true,            -- took one of the hotline's lines; refused ones do not
  started_at timestamptz not null,
  answered_at timestamptz,                           -- we answered the caller
  connected_at timestamptz,                          -- a destination talked to the caller
  ended_at timestamptz,                              -- null: in progress
  outcome text check (outcome in ('answered', 'unanswered', 'abandoned', 'refused', 'failed')),
  reason text not null default '',                   -- which rule, which step, which cause
  ended_by text check (ended_by in ('caller', 'callee', 'system')),
  waiting_ms int not null default 0,
  ringing_ms int not null default 0,
  talk_ms int not null default 0,
  billable_seconds int not null default 0,
  check ((ended_at is null) = (outcome is null))
) with (fillfactor = 75);                            -- room on the page for a call's row to change
create index on calls (enterprise_id, started_at desc, id desc);
create index on calls (started_at desc, id desc);
create index on calls (enterprise_id, caller, started_at desc);
create index on calls (hotline_id) where ended_at is null;   -- also finds a node's: they are few
select protect_tenant_table('calls', 'select');

create table call_legs (
  id uuid not null,                                  -- derived from the call and the position
  call_id uuid not null,
  enterprise_id uuid,
  position int not null,
  destination_id uuid,
  target text not null,
  trunk text not null default '',
  result text check (result in ('answered', 'busy', 'no_answer', 'rejected', 'unreachable', 'cancelled')),
  sip_code int,
  cause int,
  dialled_at timestamptz not null,
  ringing_at timestamptz,
  answered_at timestamptz,
  ended_at timestamptz,
  primary key (call_id, position)
) with (fillfactor = 75);
create index on call_legs (enterprise_id, target);
select protect_tenant_table('call_legs', 'select');

-- Which destinations are taken right now: one row per call and destination being rung or talked to.
create table destination_claims (
  call_id uuid not null,
  destination_id uuid not null,
  enterprise_id uuid not null,
  node text not null,
  claimed_at timestamptz not null,
  primary key (call_id, destination_id)
);
create index on destination_claims (destination_id);
select protect_tenant_table('destination_claims', 'select');

create table recordings (
  id uuid primary key,
  enterprise_id uuid not null,
  call_id uuid not null,
  node text not null,
  spool_name text not null,                          -- file name in the node's spool
  status text not null default 'pending' check (status in ('pending', 'stored', 'missing', 'deleted')),
  storage_key text unique,                           -- unguessable
  duration_ms int,
  bytes bigint,
  sha256 bytea,
  created_at timestamptz not null default now(),
  stored_at timestamptz
);
create index on recordings (call_id);
create index on recordings (node) where status = 'pending';
select protect_tenant_table('recordings', 'select, update');

-- ------------------------------------------------------------ carriers and SIP accounts

create table carriers (
  id uuid primary key,
  name text not null unique check (name ~ '^[a-z][a-z0-9-]{1,30}$'),   -- the SIP endpoint's name
  title text not null default '',
  kind text not null check (kind in ('address', 'registration')),
  host text not null,
  port int not null default 5060 check (port between 1 and 65535),
  transport text not null default 'udp' check (transport in ('udp', 'tcp')),
  username text,
  secret text,
  match_addresses text[] not null default '{}',      -- who may send us calls; empty: the host
  position int not null default 0,                   -- order in which outgoing calls try them
  enabled boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((kind = 'registration') = (username is not null and secret is not null) or kind = 'address')
);
grant select, insert, update, delete on carriers to hotline_platform;

create table carrier_health (
  carrier_id uuid not null references carriers on delete cascade,
  node text not null,
  reachable boolean not null,
  checked_at timestamptz not null,
  primary key (carrier_id, node)
);
grant select, insert, update, delete on carrier_health to hotline_platform;

create table sip_accounts (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  account text not null unique check (account ~ '^[a-z0-9][a-z0-9._-]{1,60}$'),
  secret text not null,
  display_name text not null default '',
  webrtc boolean not null default false,
  enabled boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on sip_accounts (enterprise_id);
select protect_tenant_table('sip_accounts');

-- ------------------------------------------------------------ kept current

do $$
declare name text;
begin
  foreach name in array array['enterprises', 'users', 'prompts', 'schedules', 'destinations', 'forwarding_groups',
    'hotlines', 'screening_entries', 'blocked_areas', 'carriers', 'sip_accounts'] loop
    execute format('create trigger set_updated_at before update on %I for each row execute function set_updated_at()', name);
  end loop;
end $$;
