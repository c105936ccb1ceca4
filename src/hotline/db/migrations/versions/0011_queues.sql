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
  unique (enterprise_id, id),
  constraint queues_extension_once unique (enterprise_id, extension),
  constraint queues_music_prompt_id foreign key (enterprise_id, music_prompt_id) references prompts (enterprise_id, id),
  constraint queues_busy_prompt_id foreign key (enterprise_id, busy_prompt_id) references prompts (enterprise_id, id)
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

-- One row a wait; what is over stays for the figures. No foreign keys: written at every call.
create table queue_entries (
  id uuid primary key,
  enterprise_id uuid not null,
  queue_id uuid not null,
  call_id uuid not null,                             -- of a callback: in which it was asked for
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
  not_before timestamptz                             -- of a callback that is tried again
) with (fillfactor = 70);
create index on queue_entries (enterprise_id, queue_id) where state in ('waiting', 'offered');
create index on queue_entries (enterprise_id, caller, left_at desc) where state = 'answered';
create index on queue_entries (queue_id, entered_at);
create index on queue_entries (call_id);
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
    'agent_id', coalesce(new.agent_id, new.offered_to[1]), 'reason', new.reason,
    'at', coalesce(new.left_at, new.offered_at, new.entered_at))::text);
  return null;
end $$;
create trigger tell_of_insert after insert on queue_entries for each row execute function tell_queue_entry();
create trigger tell_of_update after update on queue_entries for each row
  when ((new.state, new.kind) is distinct from (old.state, old.kind)) execute function tell_queue_entry();

-- ------------------------------------------------------------ waiting

-- Locks are always taken in the order turn, entry, agents by id: no deadlocks.

create function next_turn(p_enterprise uuid) returns bigint language sql as $$
  insert into queue_turns as t (enterprise_id, turn) values (p_enterprise, 1)
    on conflict (enterprise_id) do update set turn = t.turn + 1 returning turn
$$;

-- Stand in line. outcome: entered, full or nobody (is signed in). Entering again with the same id,
-- after a fault, finds the old place.
create function enter_queue(p queue_entries, p_max_length int, p_leave_empty boolean, p_sticky_minutes int,
  p_sticky_wait int, out outcome text, out since timestamptz) language plpgsql as $$
declare
  known queue_entries;
begin
  perform next_turn(p.enterprise_id);
  select * into known from queue_entries where id = p.id for update;
  if known.id is not null then
    perform release_offered(known.offered_to, known.call_id, p.entered_at);
    update queue_entries set state = 'waiting', node = p.node, offered_to = '{}', offered_at = null, left_at = null,
      reason = '', agent_id = null where id = p.id;
    outcome := 'entered';
    since := known.entered_at;
    return;
  end if;
  if (select count(*) from queue_entries where enterprise_id = p.enterprise_id and queue_id = p.queue_id
        and kind = 'caller' and state in ('waiting', 'offered')) >= p_max_length then
    outcome := 'full';
    return;
  end if;
  if p_leave_empty and not exists (select from queue_members m join agent_presence a using (agent_id)
      where m.queue_id = p.queue_id and a.state <> 'offline') then
    outcome := 'nobody';
    return;
  end if;
  if p_sticky_minutes > 0 and p.caller <> '' then
    select e.agent_id, p.entered_at + make_interval(secs => p_sticky_wait)
      into p.preferred_agent, p.preferred_until
      from queue_entries e
      where e.enterprise_id = p.enterprise_id and e.caller = p.caller and e.state = 'answered'
        and e.left_at > p.entered_at - make_interval(mins => p_sticky_minutes)
        and exists (select from queue_members m where m.queue_id = p.queue_id and m.agent_id = e.agent_id)
      order by e.left_at desc limit 1;
  end if;
  insert into queue_entries (id, enterprise_id, queue_id, call_id, hotline_id, caller, node, priority, entered_at,
      skills, preferred_agent, preferred_until)
    values (p.id, p.enterprise_id, p.queue_id, p.call_id, p.hotline_id, p.caller, p.node, p.priority, p.entered_at,
      p.skills, p.preferred_agent, p.preferred_until);
  outcome := 'entered';
  since := p.entered_at;
end $$;

-- Those who still ring for the call become free, as if it had not been; their idle time goes on.
create function release_offered(p_agents uuid[], p_call uuid, p_at timestamptz) returns void language plpgsql as $$
begin
  if cardinality(p_agents) = 0 then
    return;
  end if;
  perform 1 from agent_presence where agent_id = any(p_agents) order by agent_id for update;
  update agent_presence set state = coalesce(next_state, 'ready'), reason = next_reason, next_state = null,
      next_reason = '', since = p_at, call_id = null, queue_id = null, node = null
    where agent_id = any(p_agents) and call_id = p_call and state = 'ringing';
end $$;

-- Whom it was offered to did not answer: wait on, in the old place.
create function wait_on(p_entry uuid, p_tried uuid[], p_at timestamptz) returns boolean language plpgsql as $$
declare
  entry queue_entries;
begin
  perform next_turn(enterprise_id) from queue_entries where id = p_entry;
  select * into entry from queue_entries where id = p_entry and state = 'offered' for update;
  if entry.id is null then
    return false;
  end if;
  perform release_offered(entry.offered_to, entry.call_id, p_at);
  update queue_entries set state = 'waiting', offered_to = '{}', offered_at = null, tried = tried || p_tried,
      node = case when kind = 'callback' then null else node end
    where id = p_entry;
  return true;
end $$;

-- The caller hangs up and wants to be called at p_number; agents find it in the list of callbacks.
create function call_back(p_entry uuid, p_number text, p_at timestamptz) returns boolean language plpgsql as $$
begin
  perform wait_on(p_entry, '{}', p_at);
  update queue_entries set kind = 'callback', callback_number = p_number, node = null
    where id = p_entry and state = 'waiting';
  return found;
end $$;

-- Nobody can serve it now: it keeps its place and is given no agents until it enters again.
create function set_aside(p_entry uuid, p_at timestamptz) returns void language plpgsql as $$
begin
  perform wait_on(p_entry, '{}', p_at);
  update queue_entries set node = null where id = p_entry and kind = 'caller' and state = 'waiting';
end $$;

-- The wait is over: answered by p_agent, or left for a reason. What was offered otherwise is free.
create function leave_queue(p_entry uuid, p_agent uuid, p_reason text, p_at timestamptz) returns boolean
language plpgsql as $$
declare
  entry queue_entries;
begin
  select * into entry from queue_entries where id = p_entry and kind = 'caller'
    and state in ('waiting', 'offered') for update;
  if entry.id is null then
    return false;
  end if;
  perform release_offered(array_remove(entry.offered_to, p_agent), entry.call_id, p_at);
  update queue_entries set state = case when p_agent is null then 'left' else 'answered' end, agent_id = p_agent,
    left_at = p_at, reason = p_reason where id = p_entry;
  return true;
end $$;

-- ------------------------------------------------------------ deciding

-- What a decision about the enterprise's callers rests on, of one moment; null: nobody waits.
create function queue_snapshot(p_enterprise uuid, p_at timestamptz, p_alive_since timestamptz) returns json
language sql stable as $$
  with entries as materialized (
    select e.*, row_number() over (partition by queue_id order by priority desc, entered_at, id) as place
    from queue_entries e
    where enterprise_id = p_enterprise and state = 'waiting'
      and kind = 'caller'
      and exists (select from controllers c where c.node = e.node and c.seen_at >= p_alive_since)
      and (not_before is null or not_before <= p_at)
  ), first as (
    select * from entries where place <= 100
  ), asked as (
    select q.* from queues q where q.id in (select queue_id from first)
  )
  select json_build_object(
    'turn', coalesce((select turn from queue_turns where enterprise_id = p_enterprise), 0),
    'queues', (select json_agg(json_build_array(q.id, q.strategy, q.weight, q.skills) order by q.id) from asked q),
    'entries', (select json_agg(json_build_array(e.id, e.queue_id, e.call_id, e.priority,
        extract(epoch from e.entered_at), e.skills,
        case when (select p.state from agent_presence p where p.agent_id = e.preferred_agent)
          not in ('offline', 'break') then e.preferred_agent end,
        extract(epoch from e.preferred_until), e.tried) order by e.queue_id, e.place) from first e),
    'agents', (select json_agg(json_build_array(p.agent_id, extract(epoch from p.idle_since),
        case when p.day = (p_at at time zone 'Asia/Shanghai')::date then p.calls_today else 0 end,
        case when p.day = (p_at at time zone 'Asia/Shanghai')::date then p.talk_ms_today else 0 end,
        (select json_object_agg(s.skill, s.level) from agent_skills s where s.agent_id = p.agent_id),
        m.memberships) order by p.agent_id)
      from agent_presence p
      join (select agent_id, json_agg(json_build_array(queue_id, penalty, position, last_turn) order by queue_id)
          as memberships from queue_members where queue_id in (select id from asked) group by agent_id) m
        using (agent_id)
      join agents a on a.id = p.agent_id and a.enabled
      where p.enterprise_id = p_enterprise and p.state = 'ready' and p.call_id is null))
  where exists (select from first)
$$;

-- Give calls to agents as decided on the snapshot of p_turn: all of them, in order, or none. An
-- agent who is not free any more, or a caller who left, voids what was decided from there on;
-- returns how many were given, -1 for a snapshot that is old.
create function offer_calls(p_enterprise uuid, p_turn bigint, p_node text, p_at timestamptz, p_offers json) returns int
language plpgsql as $$
declare
  offer record;
  given int := 0;
  claimed uuid[];
  serving text;
begin
  update queue_turns set turn = turn + 1 where enterprise_id = p_enterprise and turn = p_turn;
  if not found then
    return -1;
  end if;
  for offer in select * from json_to_recordset(p_offers) as o(id uuid, entry uuid, queue uuid, call uuid,
      agents uuid[], inputs jsonb, reasons jsonb) loop
    perform 1 from queue_entries where id = offer.entry and state = 'waiting' for update;
    exit when not found;
    perform 1 from agent_presence where agent_id = any(offer.agents) order by agent_id for update;
    with taken as (
      update agent_presence set state = 'ringing', reason = '', since = p_at, call_id = offer.call,
          queue_id = offer.queue, node = p_node
        where agent_id = any(offer.agents) and state = 'ready' and call_id is null
        returning agent_id)
    select array_agg(agent_id order by array_position(offer.agents, agent_id)) into claimed from taken;
    exit when claimed is null;
    update queue_entries set state = 'offered', offered_to = claimed, offered_at = p_at, node = coalesce(node, p_node)
      where id = offer.entry returning node into serving;
    if serving <> p_node then
      update agent_presence set node = serving where agent_id = any(claimed);
    end if;
    update queue_members set last_turn = p_turn + 1 where queue_id = offer.queue and agent_id = any(claimed);
    insert into queue_decisions (id, enterprise_id, queue_id, call_id, entry_id, at, turn, step, agents, inputs,
        reasons)
      values (offer.id, p_enterprise, offer.queue, offer.call, offer.entry, p_at, p_turn, given, claimed,
        offer.inputs, offer.reasons);
    perform pg_notify('hotline_offers', json_build_object('node', serving, 'entry_id', offer.entry)::text);
    given := given + 1;
  end loop;
  return given;
end $$;

-- ------------------------------------------------------------ controllers that died

-- Agents who ring for callers whose controller is gone become free; the callers keep their place
-- until it is back. Returns the enterprises concerned.
create function withdraw_dead_offers(p_alive_since timestamptz, p_at timestamptz) returns setof uuid
language plpgsql as $$
declare
  entry record;
begin
  for entry in select e.id, e.enterprise_id from queue_entries e left join controllers c on c.node = e.node
      where e.state = 'offered' and (c.seen_at is null or c.seen_at < p_alive_since)
      order by e.enterprise_id, e.id loop
    if wait_on(entry.id, '{}', p_at) then
      return next entry.enterprise_id;
    end if;
  end loop;
end $$;

revoke execute on function next_turn, enter_queue, release_offered, wait_on, call_back, set_aside, leave_queue, queue_snapshot, offer_calls,
  withdraw_dead_offers from public;
grant execute on function next_turn, enter_queue, release_offered, wait_on, call_back, set_aside, leave_queue, queue_snapshot, offer_calls,
  withdraw_dead_offers to hotline_platform;
