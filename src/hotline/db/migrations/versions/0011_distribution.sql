-- Waiting in queues, giving calls to agents, calling back. Locks are always taken in the order turn,
-- entry, agents by id: no deadlocks.

-- ------------------------------------------------------------ waiting

create function next_turn(p_enterprise uuid) returns bigint language sql as $$
  insert into queue_turns as t (enterprise_id, turn) values (p_enterprise, 1)
    on conflict (enterprise_id) do update set turn = t.turn + 1 returning turn
$$;

-- Stand in line. outcome: entered, full or nobody (is signed in). Entering again with the same id,
-- after a fault, finds the old place; who was to be called back and is found on the line is not called.
create function enter_queue(p queue_entries, p_max_length int, p_leave_empty boolean, p_sticky_minutes int,
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
create function wait_on(p_entry uuid, p_tried uuid[], p_at timestamptz) returns boolean
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

-- What a decision about those who wait in the enterprise rests on, of one moment; null: nobody waits.
-- p_callbacks: whoever asks can place calls.
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

-- ------------------------------------------------------------ calling back

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

revoke execute on function next_turn, enter_queue, release_offered, wait_on, set_aside, leave_queue, queue_snapshot,
  offer_calls, withdraw_dead_offers, call_back, begin_callback, count_callback_try, put_back_callback, end_callback
  from public;
grant execute on function next_turn, enter_queue, release_offered, wait_on, set_aside, leave_queue, queue_snapshot,
  offer_calls, withdraw_dead_offers, call_back, begin_callback, count_callback_try, put_back_callback, end_callback
  to hotline_platform;
