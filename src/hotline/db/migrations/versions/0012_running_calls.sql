-- Running calls: commands to them, what agents are shown of them, who listens to them.

-- A command to a running call: written by whoever wants it, taken once by the node that has the call.
create table call_commands (
  id uuid primary key,
  enterprise_id uuid not null,
  call_id uuid not null,
  node text not null,
  agent_id uuid,                                     -- who wants it; null: a supervisor
  issued_by uuid,                                    -- the user
  verb text not null check (length(verb) between 1 and 40),
  arguments jsonb not null default '{}',
  state text not null default 'sent' check (state in ('sent', 'taken', 'done', 'refused', 'expired')),
  error text,
  result jsonb,
  at timestamptz not null default now(),
  answered_at timestamptz
) with (fillfactor = 70);
create index on call_commands (at);
create index on call_commands (node) where state = 'sent';
select protect_tenant_table('call_commands', 'select, insert, update');

-- 'sent', or why not: 'unknown' is a call that is not there, 'over' one that has ended.
create function send_call_command(p_id uuid, p_enterprise uuid, p_call uuid, p_agent uuid, p_user uuid, p_verb text,
  p_arguments jsonb) returns text language plpgsql as $$
declare
  c record;
begin
  select node, ended_at into c from calls where id = p_call and enterprise_id = p_enterprise;
  if not found then
    return 'unknown';
  end if;
  if c.ended_at is not null then
    return 'over';
  end if;
  insert into call_commands (id, enterprise_id, call_id, node, agent_id, issued_by, verb, arguments)
    values (p_id, p_enterprise, p_call, c.node, p_agent, p_user, p_verb, p_arguments);
  perform pg_notify('hotline_commands', c.node || ' ' || p_id);
  return 'sent';
end $$;

-- Calls that agents place are asked of whichever controller is alive: a command without a node is
-- for whichever takes it first.
create function send_place_command(p_id uuid, p_enterprise uuid, p_call uuid, p_agent uuid, p_user uuid, p_arguments jsonb)
returns void language plpgsql as $$
begin
  insert into call_commands (id, enterprise_id, call_id, node, agent_id, issued_by, verb, arguments)
    values (p_id, p_enterprise, p_call, '', p_agent, p_user, 'place', p_arguments);
  perform pg_notify('hotline_commands', ' ' || p_id);
end $$;

-- What an agent is shown of the call that is offered, before the device rings. One row an agent.
create table agent_offers (
  agent_id uuid primary key,
  enterprise_id uuid not null,
  call_id uuid not null,
  at timestamptz not null,
  details jsonb not null
) with (fillfactor = 70);
select protect_tenant_table('agent_offers', 'select');

-- Offer a call to agents: kept for those who look, told to those who watch.
create function offer_call(p_enterprise uuid, p_call uuid, p_agents uuid[], p_caller text, p_details jsonb, p_at timestamptz)
returns void language plpgsql as $$
declare
  earlier jsonb;
  details jsonb;
begin
  select coalesce(jsonb_agg(row_to_json(e)), '[]') into earlier from (
    select c.id as call_id, c.started_at as at, c.direction, coalesce(c.outcome, 'in_progress') as outcome,
      c.talk_ms, (select a.name from call_legs l join agents a on a.id = l.agent_id
        where l.call_id = c.id and l.connected_at is not null order by l.position desc limit 1) as agent
    from calls c
    where c.enterprise_id = p_enterprise and c.caller = p_caller and p_caller <> '' and c.id <> p_call
    order by c.started_at desc limit 5) e;
  details := p_details || jsonb_build_object('earlier_calls', earlier, 'customer', null,
    'at', to_char(p_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
  insert into agent_offers (agent_id, enterprise_id, call_id, at, details)
    select agent, p_enterprise, p_call, p_at, details from unnest(p_agents) agent order by agent
    on conflict (agent_id) do update set enterprise_id = excluded.enterprise_id, call_id = excluded.call_id,
      at = excluded.at, details = excluded.details;
  perform pg_notify('hotline_live', (details || jsonb_build_object('enterprise_id', p_enterprise,
    'type', 'call_offered', 'call_id', p_call, 'agent_id', agent))::text) from unnest(p_agents) agent;
end $$;
revoke execute on function offer_call from public;
grant execute on function offer_call to hotline_platform;

-- ------------------------------------------------------------ supervision

-- Supervisors at running calls: who listened to which, how, from when until when.
create table call_supervisions (
  id uuid primary key,
  enterprise_id uuid not null,
  call_id uuid not null,
  node text not null,
  agent_id uuid not null,                            -- whose device is rung
  user_id uuid,
  mode text not null check (mode in ('listen', 'whisper', 'barge', 'take_over')),   -- the last one
  state text not null default 'ringing' check (state in ('ringing', 'active', 'ended')),
  asked_at timestamptz not null,
  began_at timestamptz,                              -- heard the call from then
  ended_at timestamptz,
  reason text not null default ''                    -- of the end
);
create index on call_supervisions (call_id);
create index on call_supervisions (enterprise_id, asked_at desc, id desc);
create index on call_supervisions (node) where state <> 'ended';
select protect_tenant_table('call_supervisions', 'select');

create function tell_supervision() returns trigger language plpgsql as $$
begin
  perform pg_notify('hotline_live', json_build_object('enterprise_id', new.enterprise_id, 'type', 'supervision',
    'supervision_id', new.id, 'call_id', new.call_id, 'agent_id', new.agent_id, 'mode', new.mode,
    'state', new.state, 'reason', new.reason,
    'at', coalesce(new.ended_at, new.began_at, new.asked_at))::text);
  return null;
end $$;
create trigger tell_supervision after insert or update on call_supervisions
  for each row execute function tell_supervision();

-- The agent's device is about to be rung for listening; false: the agent is busy with a call.
create function begin_supervision(p_id uuid, p_enterprise uuid, p_call uuid, p_node text, p_agent uuid, p_user uuid,
  p_mode text, p_at timestamptz) returns boolean language plpgsql as $$
begin
  if not occupy_agent(p_agent, p_call, p_node, p_at) then
    return false;
  end if;
  update agent_presence set reason = 'supervising' where agent_id = p_agent;
  insert into call_supervisions (id, enterprise_id, call_id, node, agent_id, user_id, mode, asked_at)
    values (p_id, p_enterprise, p_call, p_node, p_agent, p_user, p_mode, p_at);
  return true;
end $$;

create function supervision_began(p_id uuid, p_at timestamptz) returns void language sql as $$
  with begun as (
    update call_supervisions set state = 'active', began_at = greatest(p_at, asked_at)
      where id = p_id and state = 'ringing' returning agent_id, call_id)
  update agent_presence p set state = 'talking', since = greatest(p_at, since) from begun b
    where p.agent_id = b.agent_id and p.call_id = b.call_id and p.state = 'ringing' and p.reason = 'supervising'
$$;

create function change_supervision(p_id uuid, p_mode text) returns void language sql as $$
  update call_supervisions set mode = p_mode where id = p_id and state <> 'ended' and mode <> p_mode
$$;

-- It is over; the agent goes on as before. One who has taken the caller over stays in the call.
create function end_supervision(p_id uuid, p_reason text, p_at timestamptz) returns boolean language plpgsql as $$
declare
  s call_supervisions;
  r agent_presence;
begin
  update call_supervisions set state = 'ended', ended_at = greatest(p_at, asked_at), reason = p_reason
    where id = p_id and state <> 'ended' returning * into s;
  if not found then
    return false;
  end if;
  select * into r from agent_presence
    where agent_id = s.agent_id and call_id = s.call_id and reason = 'supervising' for update;
  if found and p_reason = 'taken_over' then
    update agent_presence set state = 'ringing', reason = '', since = greatest(p_at, since)
      where agent_id = r.agent_id;
  elsif found then
    perform keep_presence(presence_onwards(r, p_at));
  end if;
  return true;
end $$;

-- What a controller that is no more left behind, except what is known to go on; how many.
create function end_lost_supervisions(p_node text, p_kept uuid[], p_before timestamptz, p_at timestamptz) returns int
language plpgsql as $$
declare
  lost uuid;
  ended int := 0;
begin
  for lost in select id from call_supervisions where node = p_node and state <> 'ended' and asked_at < p_before
      and id <> all(p_kept) order by agent_id loop
    perform end_supervision(lost, 'controller_lost', p_at);
    ended := ended + 1;
  end loop;
  return ended;
end $$;

revoke execute on function begin_supervision, supervision_began, change_supervision, end_supervision,
  end_lost_supervisions from public;
grant execute on function begin_supervision, supervision_began, change_supervision, end_supervision,
  end_lost_supervisions to hotline_platform;
