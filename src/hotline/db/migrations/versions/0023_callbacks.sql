-- Callers who hang up, keep their place and are called when their turn comes. An entry of theirs names
-- in call_id the call that will be placed next: agents are claimed for that one.

alter table calls add column callback_of uuid;        -- the call in which it was asked for
alter table queue_entries add column asked_in uuid;   -- of a callback: the call in which it was asked for
create index on queue_entries (enterprise_id) where kind = 'callback' and state in ('waiting', 'offered');

create or replace function open_placed_call(p json) returns void language sql as $$
  insert into calls (id, enterprise_id, hotline_id, dialled, caller, caller_raw, province, city, caller_carrier,
      trunk, node, channel_id, admitted, started_at, direction, agent_id, callback_of)
    select c.id, c.enterprise_id, c.hotline_id, c.dialled, c.caller, c.caller_raw, c.province, c.city,
      c.caller_carrier, c.trunk, c.node, c.channel_id, false, c.started_at, c.direction, c.agent_id, c.callback_of
    from json_populate_record(null::calls, p) c
    on conflict (id) do nothing
$$;

create or replace function tell_queue_entry() returns trigger language plpgsql as $$
begin
  perform pg_notify('hotline_live', json_build_object('enterprise_id', new.enterprise_id, 'type', 'queue_entry',
    'entry_id', new.id, 'queue_id', new.queue_id, 'call_id', new.call_id, 'kind', new.kind, 'state', new.state,
    'agent_id', coalesce(new.agent_id, new.offered_to[1]), 'reason', new.reason, 'tries', new.callback_tries,
    'not_before', new.not_before, 'at', coalesce(new.left_at, new.offered_at, new.entered_at))::text);
  return null;
end $$;
drop trigger tell_of_update on queue_entries;
create trigger tell_of_update after update on queue_entries for each row
  when ((new.state, new.kind, new.callback_tries, new.not_before)
    is distinct from (old.state, old.kind, old.callback_tries, old.not_before)) execute function tell_queue_entry();

-- ------------------------------------------------------------ asking

-- Stand in line, as before. Who is found on the line again, after a fault, is not called.
create or replace function enter_queue(p queue_entries, p_max_length int, p_leave_empty boolean, p_sticky_minutes int,
  p_sticky_wait int, out outcome text, out since timestamptz) language plpgsql as $$
declare
  known queue_entries;
begin
  perform next_turn(p.enterprise_id);
  select * into known from queue_entries where id = p.id for update;
  if known.id is not null then
    perform release_offered(known.offered_to, known.call_id, p.entered_at);
    update queue_entries set state = 'waiting', kind = 'caller', call_id = p.call_id, asked_in = null,
      not_before = null, node = p.node, offered_to = '{}', offered_at = null, left_at = null,
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

-- Whom it was offered to did not answer: wait on, in the old place.
create or replace function wait_on(p_entry uuid, p_tried uuid[], p_at timestamptz) returns boolean
language plpgsql as $$
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
      node = case when kind = 'callback' then null else node end,
      call_id = case when kind = 'callback' then gen_random_uuid() else call_id end
    where id = p_entry;
  return true;
end $$;

-- The caller wants to be called at p_number, not before p_not_before. Asking again corrects the number.
drop function call_back;
create function call_back(p_entry uuid, p_number text, p_not_before timestamptz, p_at timestamptz) returns boolean
language plpgsql as $$
begin
  perform wait_on(id, '{}', p_at) from queue_entries where id = p_entry and kind = 'caller';
  update queue_entries set kind = 'callback', callback_number = p_number, node = null, not_before = p_not_before,
      asked_in = coalesce(asked_in, call_id),
      call_id = case when kind = 'callback' then call_id else gen_random_uuid() end
    where id = p_entry and state = 'waiting';
  return found;
end $$;

-- ------------------------------------------------------------ being called

-- p_callbacks: whoever asks can place calls.
drop function queue_snapshot;
create function queue_snapshot(p_enterprise uuid, p_at timestamptz, p_alive_since timestamptz,
  p_callbacks boolean) returns json
language sql stable as $$
  with entries as materialized (
    select e.*, row_number() over (partition by queue_id order by priority desc, entered_at, id) as place
    from queue_entries e
    where enterprise_id = p_enterprise and state = 'waiting'
      and (kind = 'caller' and exists (select from controllers c where c.node = e.node and c.seen_at >= p_alive_since)
        or kind = 'callback' and p_callbacks and asked_in is not null)
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

-- The controller p_node takes it and opens the record of the call; false: it is not its to call any more.
create function begin_callback(p_entry uuid, p_call uuid, p_node text, p_header json) returns boolean
language plpgsql as $$
begin
  perform 1 from queue_entries where id = p_entry and call_id = p_call and node = p_node and kind = 'callback'
    and state = 'offered' for update;
  if not found then
    return false;
  end if;
  perform open_placed_call(p_header);
  return true;
end $$;

-- The customer is about to be dialled; false: it was cancelled.
create function count_callback_try(p_entry uuid, p_call uuid) returns boolean language plpgsql as $$
begin
  update queue_entries set callback_tries = callback_tries + 1
    where id = p_entry and call_id = p_call and state = 'offered';
  return found;
end $$;

-- It came to nothing: back to its place until p_not_before or, after p_most tries (null: however many), failed.
create function put_back_callback(p_entry uuid, p_call uuid, p_tried uuid[], p_reason text,
  p_not_before timestamptz, p_most int, p_at timestamptz) returns boolean language plpgsql as $$
declare
  entry queue_entries;
begin
  perform next_turn(enterprise_id) from queue_entries where id = p_entry;
  select * into entry from queue_entries where id = p_entry and call_id = p_call and state = 'offered' for update;
  if entry.id is null then
    return false;
  end if;
  perform release_offered(entry.offered_to, entry.call_id, p_at);
  if entry.callback_tries >= p_most then
    update queue_entries set state = 'left', reason = 'failed', left_at = p_at where id = p_entry;
  else
    update queue_entries set state = 'waiting', reason = p_reason, not_before = p_not_before, node = null,
      offered_to = '{}', offered_at = null, tried = tried || p_tried, call_id = gen_random_uuid()
      where id = p_entry;
  end if;
  return true;
end $$;

-- The customer talks to p_agent, or will never be called, for p_reason.
create function end_callback(p_entry uuid, p_call uuid, p_agent uuid, p_reason text, p_at timestamptz)
returns boolean language plpgsql as $$
declare
  entry queue_entries;
begin
  select * into entry from queue_entries where id = p_entry and call_id = p_call and state = 'offered' for update;
  if entry.id is null then
    return false;
  end if;
  perform release_offered(array_remove(entry.offered_to, p_agent), entry.call_id, p_at);
  update queue_entries set state = case when p_agent is null then 'left' else 'answered' end, agent_id = p_agent,
    left_at = p_at, reason = p_reason where id = p_entry;
  return true;
end $$;

revoke execute on function call_back, queue_snapshot, begin_callback, count_callback_try, put_back_callback,
  end_callback from public;
grant execute on function call_back, queue_snapshot, begin_callback, count_callback_try, put_back_callback,
  end_callback to hotline_platform;

-- ------------------------------------------------------------ wrapping up

-- The call is over for the agent, who wraps up after a talk, for as long as the queue says or else
-- the agent's own time; what the agent is now, null: it was not the agent's call any more.
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

-- As before, where a queue gives more time than the agent's settings do.
create or replace function extend_wrap_up(p_agent uuid, p_seconds int) returns timestamptz language sql as $$
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
