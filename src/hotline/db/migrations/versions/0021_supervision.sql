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

-- As before, but listening is no talk: it is not counted and needs no wrap-up.
create or replace function free_agent(p_agent uuid, p_call uuid, p_wrap_up boolean, p_at timestamptz) returns text
language plpgsql as $$
declare
  r agent_presence;
  after text;
  after_reason text;
  seconds int := 0;
begin
  select * into r from agent_presence where agent_id = p_agent and call_id = p_call for update;
  if not found then
    return null;
  end if;
  if r.state in ('talking', 'on_hold') and r.reason <> 'supervising' then
    r := presence_with_talk(r, p_at);
    r.idle_since := greatest(p_at, r.since);
    if p_wrap_up then
      select wrap_up_seconds into seconds from agents where id = p_agent;
    end if;
  end if;
  if seconds > 0 then
    after := r.next_state;
    after_reason := r.next_reason;
    r := presence_entered(r, 'wrap_up', '', p_at);
    r.wrap_up_until := r.since + make_interval(secs => seconds);
    r.next_state := after;
    r.next_reason := after_reason;
  else
    r := presence_onwards(r, p_at);
  end if;
  perform keep_presence(r);
  return r.state;
end $$;

revoke execute on function begin_supervision, supervision_began, change_supervision, end_supervision,
  end_lost_supervisions from public;
grant execute on function begin_supervision, supervision_began, change_supervision, end_supervision,
  end_lost_supervisions to hotline_platform;

-- ------------------------------------------------------------ wallboards

create index on call_legs (queue_id, dialled_at) where queue_id is not null;
create index on voicemail_messages (box_id) where status = 'new';   -- to count those nobody has heard
