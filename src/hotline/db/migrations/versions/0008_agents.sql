-- Agents: who takes calls, on what, and what each of them is doing right now.

create table agents (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  user_id uuid unique references users on delete set null,   -- who signs in; null: a phone without a person
  extension text not null check (extension ~ '^[0-9]{2,8}$'),
  name text not null check (length(name) between 1 and 64),
  device text not null default 'browser' check (device in ('browser', 'sip', 'phone')),   -- the one in use
  destination_id uuid,                               -- own phone: a number that was approved
  confirm_by_key boolean not null default false,     -- own phone: press 1 to take the call
  outbound_number text check (outbound_number ~ '^[0-9]{3,20}$'),   -- shown to those the agent calls; must be approved
  ring_timeout int not null default 20 check (ring_timeout between 5 and 120),       -- seconds
  wrap_up_seconds int not null default 15 check (wrap_up_seconds between 0 and 1800),
  misses_allowed int not null default 3 check (misses_allowed between 0 and 20),     -- 0: never set aside
  enabled boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  wrap_up_extension int not null default 60 check (wrap_up_extension between 0 and 3600),   -- seconds the agent may add
  unique (enterprise_id, id),
  unique (enterprise_id, extension),
  constraint agents_destination_id foreign key (enterprise_id, destination_id) references destinations (enterprise_id, id),
  check (device <> 'phone' or destination_id is not null)
);
select protect_tenant_table('agents');
create trigger set_updated_at before update on agents for each row execute function set_updated_at();

create table agent_skills (
  agent_id uuid not null,
  skill text not null check (length(skill) between 1 and 40),
  enterprise_id uuid not null references enterprises,
  level int not null default 5 check (level between 1 and 10),       -- 10 is best
  primary key (agent_id, skill),
  foreign key (enterprise_id, agent_id) references agents (enterprise_id, id) on delete cascade
);
select protect_tenant_table('agent_skills');

-- ------------------------------------------------------------ why agents take a break

create table break_reasons (
  id uuid primary key,
  enterprise_id uuid not null references enterprises on delete cascade,
  name text not null check (length(name) between 1 and 40),
  position int not null default 0 check (position between 0 and 1000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint break_reasons_once unique (enterprise_id, name)
);
select protect_tenant_table('break_reasons');
create trigger set_updated_at before update on break_reasons for each row execute function set_updated_at();

create function start_break_reasons() returns trigger language plpgsql as $$
begin
  insert into break_reasons (id, enterprise_id, name, position)
    select gen_random_uuid(), new.id, name, place
    from unnest(array['小休', '用餐', '培训', '会议']) with ordinality as r(name, place);
  return null;
end $$;
create trigger start_break_reasons after insert on enterprises
  for each row execute function start_break_reasons();

-- ------------------------------------------------------------ presence

-- One row an agent, changed by short statements that name the state they start from: whoever comes
-- second changes nothing. No foreign keys: it is written at every call.
create table agent_presence (
  agent_id uuid primary key,
  enterprise_id uuid not null,
  state text not null default 'offline'
    check (state in ('offline', 'ready', 'ringing', 'talking', 'on_hold', 'wrap_up', 'break')),
  reason text not null default '',                   -- of a break, or why set aside
  since timestamptz not null default now(),          -- of the state
  next_state text check (next_state in ('offline', 'ready', 'break')),   -- asked for during a call; null: ready after wrap-up
  next_reason text not null default '',
  call_id uuid,                                      -- that it is held for, rings for or talks in
  queue_id uuid,                                     -- by which it came
  node text,                                         -- whose controller serves that call
  wrap_up_until timestamptz,
  idle_since timestamptz not null default now(),     -- end of the last call, or ready for the first time
  misses int not null default 0,                     -- in a row
  day date not null default current_date,            -- of the counts that follow, in Asia/Shanghai
  calls_today int not null default 0,
  talk_ms_today bigint not null default 0
) with (fillfactor = 70);
create index on agent_presence (enterprise_id);
create index on agent_presence (node) where call_id is not null;
create index on agent_presence (wrap_up_until) where state = 'wrap_up';
create index on agent_presence (call_id) where call_id is not null;
select protect_tenant_table('agent_presence');

create function start_presence() returns trigger language plpgsql as $$
begin
  insert into agent_presence (agent_id, enterprise_id) values (new.id, new.enterprise_id);
  return null;
end $$;
create trigger start_presence after insert on agents for each row execute function start_presence();

create function end_presence() returns trigger language plpgsql as $$
begin
  delete from agent_presence where agent_id = old.id;
  return null;
end $$;
create trigger end_presence after delete on agents for each row execute function end_presence();

-- How long each was what: written by the trigger below alone.
create table agent_states (
  agent_id uuid not null,
  enterprise_id uuid not null,
  state text not null,
  reason text not null,
  began_at timestamptz not null,
  ended_at timestamptz not null,
  call_id uuid,
  primary key (agent_id, began_at, ended_at)
);
create index on agent_states (enterprise_id, began_at);
create index on agent_states (enterprise_id, ended_at);
select protect_tenant_table('agent_states', 'select, insert');

create function keep_agent_state() returns trigger language plpgsql as $$
begin
  if (new.state, new.reason) is distinct from (old.state, old.reason) then
    insert into agent_states (agent_id, enterprise_id, state, reason, began_at, ended_at, call_id)
      values (old.agent_id, old.enterprise_id, old.state, old.reason, old.since, new.since, old.call_id)
      on conflict do nothing;
  end if;
  if (new.state, new.reason, new.call_id) is distinct from (old.state, old.reason, old.call_id) then
    perform pg_notify('hotline_live', json_build_object('enterprise_id', new.enterprise_id, 'type', 'agent_state',
      'agent_id', new.agent_id, 'state', new.state, 'reason', new.reason, 'call_id', new.call_id,
      'queue_id', new.queue_id, 'at', new.since)::text);
  end if;
  -- Somebody may be free for those who wait.
  if new.state = 'ready' and (old.state <> 'ready' or (old.call_id is not null and new.call_id is null)) then
    perform pg_notify('hotline_ready', new.enterprise_id::text);
  end if;
  return null;
end $$;
create trigger keep_agent_state after update on agent_presence for each row execute function keep_agent_state();

-- ------------------------------------------------------------ numbers agents show, and numbers they may not call

-- Beside approved destinations: numbers, a 400 number among them, that the operator lets an
-- enterprise show.
create table caller_numbers (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  number text not null check (number ~ '^[0-9]{3,20}$'),
  label text not null default '' check (length(label) <= 64),
  status text not null default 'pending' check (status in ('pending', 'approved', 'rejected', 'disabled')),
  reviewed_by uuid references users,
  reviewed_at timestamptz,
  review_note text not null default '' check (length(review_note) <= 500),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, number),
  unique (enterprise_id, id)
);
select protect_tenant_table('caller_numbers');
create trigger set_updated_at before update on caller_numbers for each row execute function set_updated_at();

create function agent_number_approved(p_enterprise uuid, p_number text) returns boolean language sql stable as $$
  select exists (select from destinations d
      where d.enterprise_id = p_enterprise and d.number = p_number and d.status = 'approved')
    or exists (select from caller_numbers c
      where c.enterprise_id = p_enterprise and c.number = p_number and c.status = 'approved')
$$;

-- Numbers that this enterprise's agents may not call, beside those that nobody may.
create table forbidden_numbers (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  number text not null check (number ~ '^[0-9]{3,20}$'),
  note text not null default '' check (length(note) <= 200),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint forbidden_numbers_once unique (enterprise_id, number)
);
select protect_tenant_table('forbidden_numbers');
create trigger set_updated_at before update on forbidden_numbers for each row execute function set_updated_at();
