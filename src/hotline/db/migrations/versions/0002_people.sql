-- People and programs, and what they did. A tenant's transaction never reads a password, a session's
-- or a key's secret.

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
select protect_tenant_table('users', 'insert, update');
grant select (id, enterprise_id, login, name, role, status, created_at, updated_at) on users to hotline_app;
create trigger set_updated_at before update on users for each row execute function set_updated_at();

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
select protect_tenant_table('sessions', 'delete');
grant select (user_id, enterprise_id) on sessions to hotline_app;

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
select protect_tenant_table('api_keys', 'insert');
grant update (revoked_at) on api_keys to hotline_app;
grant select (id, enterprise_id, name, prefix, scopes, created_by, created_at, expires_at, revoked_at, last_used_at)
  on api_keys to hotline_app;

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
create index on audit_entries (at desc, id desc);
select protect_tenant_table('audit_entries', 'select, insert');
-- The trail only grows.
revoke update, delete on audit_entries from hotline_platform;

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
