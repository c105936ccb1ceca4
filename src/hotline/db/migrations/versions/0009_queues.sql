-- Queues: their settings and members, who waits in them, and why each call went to whom.

create table queues (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  name text not null check (length(name) between 1 and 100),
  extension text check (extension ~ '^[0-9]{2,8}$'),
  strategy text not null default 'longest_idle' check (strategy in
    ('longest_idle', 'round_robin', 'random', 'fewest_calls', 'least_talk', 'priority', 'ring_all')),
  weight int not null default 1 check (weight between 1 and 100),    -- a point above 1 is half a minute of head start
  ring_timeout int not null default 20 check (ring_timeout between 5 and 120),       -- seconds
  max_wait int check (max_wait between 5 and 7200),                  -- seconds; null: as long as the caller likes
  max_length int check (max_length between 1 and 10000),             -- callers; null: no limit
  leave_when_empty boolean not null default true,                    -- do not wait while nobody is signed in
  music_prompt_id uuid,                                              -- null: the platform's music
  busy_prompt_id uuid,                                               -- null: the platform's words
  announce_every int not null default 30 check (announce_every = 0 or announce_every between 10 and 600),
  announce_position boolean not null default true,
  announce_wait boolean not null default false,
  key_voicemail text check (key_voicemail ~ '^[0-9*#]$'),
  key_callback text check (key_callback ~ '^[0-9*#]$'),
  key_leave text check (key_leave ~ '^[0-9*#]$'),
  overflow jsonb not null default '{}',                              -- {"timeout": {"kind": "queue", "id": …}, "full": …}
  skills jsonb not null default '[]',                                -- [{"after": 0, "skills": {"英语": 5}}, {"after": 30, …}]
  sticky_minutes int not null default 0 check (sticky_minutes between 0 and 43200),  -- 0: nobody is preferred
  sticky_wait int not null default 20 check (sticky_wait between 0 and 600),         -- seconds for a busy one
  wrap_up_seconds int check (wrap_up_seconds between 0 and 1800),    -- null: the agent's own
  recording boolean not null default true,
  whisper boolean not null default false,                            -- tell the agent the queue's name first
  answer_within int not null default 20 check (answer_within between 1 and 600),     -- the service level's seconds
  callback_tries int not null default 3 check (callback_tries between 1 and 10),
  callback_pause int not null default 300 check (callback_pause between 10 and 86400), -- seconds between tries
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  survey_id uuid,                                                    -- asked after the agent has hung up
  unique (enterprise_id, id),
  constraint queues_extension_once unique (enterprise_id, extension),
  constraint queues_music_prompt_id foreign key (enterprise_id, music_prompt_id) references prompts (enterprise_id, id),
  constraint queues_busy_prompt_id foreign key (enterprise_id, busy_prompt_id) references prompts (enterprise_id, id),
  constraint queues_survey_id foreign key (enterprise_id, survey_id) references surveys (enterprise_id, id)
);
select protect_tenant_table('queues');
create trigger set_updated_at before update on queues for each row execute function set_updated_at();

create table queue_members (
  queue_id uuid not null,
  agent_id uuid not null,
  enterprise_id uuid not null references enterprises,
  penalty int not null default 0 check (penalty between 0 and 100),  -- those with a lower one come first
  position int not null default 0 check (position >= 0),
  last_turn bigint not null default 0,                               -- for rotation: when it was last chosen
  primary key (queue_id, agent_id),
  constraint queue_members_queue_id foreign key (enterprise_id, queue_id) references queues (enterprise_id, id) on delete cascade,
  constraint queue_members_agent_id foreign key (enterprise_id, agent_id) references agents (enterprise_id, id) on delete cascade
) with (fillfactor = 80);
create index on queue_members (agent_id);
select protect_tenant_table('queue_members');

-- One row a wait; what is over stays for the figures. Callers who want to be called back hang up and
-- keep their place; an entry of theirs names in call_id the call that will be placed next: agents are
-- claimed for that one. No foreign keys: written at every call.
create table queue_entries (
  id uuid primary key,
  enterprise_id uuid not null,
  queue_id uuid not null,
  call_id uuid not null,
  hotline_id uuid,
  caller text not null default '',
  kind text not null default 'caller' check (kind in ('caller', 'callback')),
  node text,                                         -- whose controller serves it; null: a callback that waits
  state text not null default 'waiting' check (state in ('waiting', 'offered', 'answered', 'left')),
  priority int not null default 0,                   -- more comes first
  entered_at timestamptz not null,
  skills jsonb,                                      -- null: what the queue asks for
  preferred_agent uuid,
  preferred_until timestamptz,
  tried uuid[] not null default '{}',                -- did not answer it
  offered_to uuid[] not null default '{}',
  offered_at timestamptz,
  agent_id uuid,                                     -- who answered
  left_at timestamptz,                               -- answered or gone
  reason text not null default '',
  callback_number text,
  callback_tries int not null default 0,
  not_before timestamptz,                            -- of a callback that is tried again
  asked_in uuid                                      -- of a callback: the call in which it was asked for
) with (fillfactor = 70);
create index on queue_entries (enterprise_id, queue_id) where state in ('waiting', 'offered');
create index on queue_entries (enterprise_id, caller, left_at desc) where state = 'answered';
create index on queue_entries (queue_id, entered_at);
create index on queue_entries (call_id);
create index on queue_entries (enterprise_id) where kind = 'callback' and state in ('waiting', 'offered');
select protect_tenant_table('queue_entries');

create table queue_decisions (
  id uuid primary key,
  enterprise_id uuid not null,
  queue_id uuid not null,
  call_id uuid not null,
  entry_id uuid not null,
  at timestamptz not null,
  turn bigint not null,                              -- with step: their order within the enterprise
  step int not null,
  agents uuid[] not null,
  inputs jsonb not null,                             -- enough of what was known to decide the same again
  reasons jsonb not null
);
create index on queue_decisions (enterprise_id, call_id);
create index on queue_decisions (at);
select protect_tenant_table('queue_decisions', 'select');

-- Counts what changes whom a decision would choose: one that was made on an older count is void.
-- Its row is also the lock under which calls of an enterprise are given to agents.
create table queue_turns (
  enterprise_id uuid primary key,
  turn bigint not null
) with (fillfactor = 50);
select protect_tenant_table('queue_turns', 'select');

-- Controllers that are alive; agents are not offered to callers whose controller is not.
create table controllers (
  node text primary key,
  seen_at timestamptz not null
) with (fillfactor = 50);
grant select, insert, update, delete on controllers to hotline_platform;

-- ------------------------------------------------------------ notices

create function tell_queue_entry() returns trigger language plpgsql as $$
begin
  perform pg_notify('hotline_live', json_build_object('enterprise_id', new.enterprise_id, 'type', 'queue_entry',
    'entry_id', new.id, 'queue_id', new.queue_id, 'call_id', new.call_id, 'kind', new.kind, 'state', new.state,
    'agent_id', coalesce(new.agent_id, new.offered_to[1]), 'reason', new.reason, 'tries', new.callback_tries,
    'not_before', new.not_before, 'at', coalesce(new.left_at, new.offered_at, new.entered_at))::text);
  return null;
end $$;
create trigger tell_of_insert after insert on queue_entries for each row execute function tell_queue_entry();
create trigger tell_of_update after update on queue_entries for each row
  when ((new.state, new.kind, new.callback_tries, new.not_before)
    is distinct from (old.state, old.kind, old.callback_tries, old.not_before)) execute function tell_queue_entry();
