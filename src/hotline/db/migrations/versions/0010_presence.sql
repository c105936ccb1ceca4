-- What leads an agent from one state to the next: hotline.agents.rules in the database. Each is one
-- short transaction on one row; a step that does not apply (any more) changes nothing and says so.

create function agent_day(at timestamptz) returns date language sql immutable as $$
  select (at at time zone 'Asia/Shanghai')::date
$$;

create function keep_presence(r agent_presence) returns void language plpgsql as $$
begin
  update agent_presence set state = r.state, reason = r.reason, since = r.since, next_state = r.next_state,
      next_reason = r.next_reason, call_id = r.call_id, queue_id = r.queue_id, node = r.node,
      wrap_up_until = r.wrap_up_until, idle_since = r.idle_since, misses = r.misses, day = r.day,
      calls_today = r.calls_today, talk_ms_today = r.talk_ms_today
    where agent_id = r.agent_id;
end $$;

-- Into a state without a call and without a wish for later.
create function presence_entered(r agent_presence, p_state text, p_reason text, p_at timestamptz)
returns agent_presence language plpgsql immutable as $$
begin
  r.state := p_state;
  r.reason := p_reason;
  r.since := greatest(p_at, r.since);
  r.next_state := null;
  r.next_reason := '';
  r.call_id := null;
  r.queue_id := null;
  r.node := null;
  r.wrap_up_until := null;
  return r;
end $$;

-- To what was asked for meanwhile, else ready.
create function presence_onwards(r agent_presence, p_at timestamptz) returns agent_presence
language sql immutable as $$
  select presence_entered(r, coalesce((r).next_state, 'ready'),
    case when (r).next_state is null then '' else (r).next_reason end, p_at)
$$;

create function presence_on_day(r agent_presence, p_at timestamptz) returns agent_presence
language plpgsql immutable as $$
begin
  if r.day <> agent_day(p_at) then
    r.day := agent_day(p_at);
    r.calls_today := 0;
    r.talk_ms_today := 0;
  end if;
  return r;
end $$;

create function presence_with_talk(r agent_presence, p_at timestamptz) returns agent_presence
language plpgsql immutable as $$
begin
  r := presence_on_day(r, p_at);
  r.talk_ms_today := r.talk_ms_today + floor(extract(epoch from greatest(p_at - r.since, interval '0')) * 1000);
  return r;
end $$;

-- ------------------------------------------------------------ calls

-- A call is about to ring at an agent; true if the agent is ready and free, and taken now.
create function claim_agent(p_agent uuid, p_call uuid, p_queue uuid, p_node text, p_at timestamptz) returns boolean
language plpgsql as $$
begin
  update agent_presence set state = 'ringing', reason = '', since = greatest(p_at, since), next_state = null,
      next_reason = '', call_id = p_call, queue_id = p_queue, node = p_node, wrap_up_until = null
    where agent_id = p_agent and state = 'ready' and call_id is null;
  return found;
end $$;

-- The agent makes a call, from whatever state; a break goes on after it.
create function occupy_agent(p_agent uuid, p_call uuid, p_node text, p_at timestamptz) returns boolean
language plpgsql as $$
declare
  r agent_presence;
  after text;
  after_reason text;
begin
  select * into r from agent_presence where agent_id = p_agent and call_id is null for update;
  if not found then
    return false;
  end if;
  after := r.next_state;
  after_reason := r.next_reason;
  if r.state in ('break', 'offline') then
    after := r.state;
    after_reason := r.reason;
  end if;
  r := presence_entered(r, 'ringing', '', p_at);
  r.next_state := after;
  r.next_reason := after_reason;
  r.call_id := p_call;
  r.node := p_node;
  perform keep_presence(r);
  return true;
end $$;

create function agent_answered(p_agent uuid, p_call uuid, p_at timestamptz) returns boolean language plpgsql as $$
declare
  r agent_presence;
begin
  select * into r from agent_presence
    where agent_id = p_agent and call_id = p_call and state = 'ringing' for update;
  if not found then
    return false;
  end if;
  r := presence_on_day(r, p_at);
  r.state := 'talking';
  r.since := greatest(p_at, r.since);
  r.misses := 0;
  r.calls_today := r.calls_today + 1;
  perform keep_presence(r);
  return true;
end $$;

create function agent_held(p_agent uuid, p_call uuid, p_held boolean, p_at timestamptz) returns boolean
language plpgsql as $$
declare
  r agent_presence;
begin
  select * into r from agent_presence
    where agent_id = p_agent and call_id = p_call
      and state = case when p_held then 'talking' else 'on_hold' end for update;
  if not found then
    return false;
  end if;
  r := presence_with_talk(r, p_at);
  r.state := case when p_held then 'on_hold' else 'talking' end;
  r.since := greatest(p_at, r.since);
  perform keep_presence(r);
  return true;
end $$;

-- It rang and nobody answered; what the agent is now, null: it did not ring any more.
create function agent_missed(p_agent uuid, p_call uuid, p_at timestamptz) returns text language plpgsql as $$
declare
  r agent_presence;
  allowed int;
begin
  select * into r from agent_presence
    where agent_id = p_agent and call_id = p_call and state = 'ringing' for update;
  if not found then
    return null;
  end if;
  select misses_allowed into allowed from agents where id = p_agent;
  r.misses := r.misses + 1;
  if r.next_state is null and allowed > 0 and r.misses >= allowed then
    r := presence_entered(r, 'break', 'missed', p_at);
  else
    r := presence_onwards(r, p_at);
  end if;
  perform keep_presence(r);
  return r.state;
end $$;

-- As agent_missed(), where it was the agent's device that could not be reached: offline until it is
-- back, so that no other call is offered to it meanwhile.
create function agent_unreached(p_agent uuid, p_call uuid, p_at timestamptz) returns text language plpgsql as $$
declare
  r agent_presence;
  allowed int;
begin
  select * into r from agent_presence
    where agent_id = p_agent and call_id = p_call and state = 'ringing' for update;
  if not found then
    return null;
  end if;
  select misses_allowed into allowed from agents where id = p_agent;
  r.misses := r.misses + 1;
  if r.next_state is not null then
    r := presence_onwards(r, p_at);
  elsif allowed > 0 and r.misses >= allowed then
    r := presence_entered(r, 'break', 'missed', p_at);
  else
    r := presence_entered(r, 'offline', 'device_gone', p_at);
  end if;
  perform keep_presence(r);
  return r.state;
end $$;

-- The call is over for the agent, who wraps up after a talk, for as long as the queue says or else
-- the agent's own time. Listening is no talk: it is not counted and needs no wrap-up. What the agent
-- is now; null: it was not the agent's call any more.
create function free_agent(p_agent uuid, p_call uuid, p_wrap_up boolean, p_at timestamptz) returns text
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
      select coalesce((select q.wrap_up_seconds from queues q where q.id = r.queue_id), a.wrap_up_seconds)
        into seconds from agents a where a.id = p_agent;
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

-- Let go of agents that are still held by these calls, which are over; how many.
create function release_agents(p_calls uuid[], p_at timestamptz) returns int language plpgsql as $$
declare
  r agent_presence;
  released int := 0;
begin
  for r in select * from agent_presence where call_id = any(p_calls) order by agent_id loop
    if free_agent(r.agent_id, r.call_id, true, p_at) is not null then
      released := released + 1;
    end if;
  end loop;
  return released;
end $$;

-- ------------------------------------------------------------ wishes

-- The agent or a supervisor asks for offline, ready or break: 'now' or 'after_the_call' says when it
-- comes; null: there is no such agent, or it may not sign in.
create function agent_wished(p_agent uuid, p_state text, p_reason text, p_at timestamptz) returns text
language plpgsql as $$
declare
  r agent_presence;
  before text;
  wanted_reason text := case when p_state = 'ready' then '' else p_reason end;
begin
  select * into r from agent_presence p where agent_id = p_agent
    and (p_state = 'offline' or exists (select from agents a where a.id = p_agent and a.enabled))
    for update;
  if not found then
    return null;
  end if;
  if r.call_id is not null then
    r.next_state := nullif(p_state, 'ready');
    r.next_reason := wanted_reason;
    perform keep_presence(r);
    return 'after_the_call';
  end if;
  if (r.state, r.reason) is distinct from (p_state, wanted_reason) then
    before := r.state;
    r := presence_entered(r, p_state, wanted_reason, p_at);
    if p_state = 'ready' then
      r.misses := 0;
      if before = 'offline' then
        r.idle_since := r.since;
      end if;
    end if;
    perform keep_presence(r);
  end if;
  return 'now';
end $$;

-- More time for wrapping up, as far as the agent's settings allow, or a queue that gives more; until
-- when, null: no more.
create function extend_wrap_up(p_agent uuid, p_seconds int) returns timestamptz language sql as $$
  with allowed as (
    select make_interval(secs => a.wrap_up_extension + greatest(a.wrap_up_seconds, (select max(q.wrap_up_seconds)
        from queues q join queue_members m on m.queue_id = q.id where m.agent_id = a.id))) as most
    from agents a where a.id = p_agent)
  update agent_presence p set wrap_up_until = least(p.wrap_up_until + make_interval(secs => p_seconds),
      p.since + allowed.most)
    from allowed
    where p.agent_id = p_agent and p.state = 'wrap_up' and p.wrap_up_until < p.since + allowed.most
    returning p.wrap_up_until
$$;

-- Who may no longer log in takes no more calls, and the phone in that person's browser is dropped.
-- A call that goes on is finished.
create function agent_leaves() returns trigger language plpgsql as $$
begin
  perform agent_wished(a.id, 'offline', '', now()) from agents a where a.user_id = new.id;
  update sip_accounts s set secret = encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex')
    from agents a where a.user_id = new.id and s.agent_id = a.id and s.webrtc;
  return null;
end $$;
create trigger agent_leaves after update of status on users for each row
  when (old.status = 'active' and new.status = 'disabled') execute function agent_leaves();

-- ------------------------------------------------------------ what comes by itself

-- End every wrap-up whose time is over; how many. Several nodes may do this at once.
create function end_wrap_ups(p_at timestamptz) returns int language plpgsql as $$
declare
  r agent_presence;
  ended int := 0;
begin
  for r in select * from agent_presence where state = 'wrap_up' and wrap_up_until <= p_at
      order by agent_id for update skip locked loop
    perform keep_presence(presence_onwards(r, p_at));
    ended := ended + 1;
  end loop;
  return ended;
end $$;

-- The device of one who waits for a call is gone.
create function agent_device_gone(p_agent uuid, p_at timestamptz) returns boolean language plpgsql as $$
begin
  update agent_presence set state = 'offline', reason = 'device_gone', since = greatest(p_at, since),
      next_state = null, next_reason = '', queue_id = null, node = null, wrap_up_until = null
    where agent_id = p_agent and state = 'ready' and call_id is null;
  return found;
end $$;

create function agent_device_back(p_agent uuid, p_patience interval, p_at timestamptz) returns boolean
language plpgsql as $$
begin
  update agent_presence p set state = 'ready', reason = '', since = greatest(p_at, since)
    where agent_id = p_agent and state = 'offline' and reason = 'device_gone' and call_id is null
      and p_at - since <= p_patience and exists (select from agents a where a.id = p_agent and a.enabled);
  return found;
end $$;
