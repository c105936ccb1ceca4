-- An agent who does not answer is free, and the caller who was offered is back in the old place, in the
-- same moment. Otherwise the next in line could be given to that agent before the first is back.

-- Takes turn and entry; who calls it takes the agent afterwards, as everywhere. A caller who is to be
-- called back is put back by whoever tried: there is more to note.
create function give_back(p_agent uuid, p_call uuid) returns void language sql as $$
  select next_turn(enterprise_id) from queue_entries
    where call_id = p_call and state = 'offered' and kind = 'caller' and p_agent = any(offered_to);
  update queue_entries set
      offered_to = array_remove(offered_to, p_agent),
      tried = tried || p_agent,
      state = case when offered_to <@ array[p_agent] then 'waiting' else state end,
      offered_at = case when offered_to <@ array[p_agent] then null else offered_at end
    where call_id = p_call and state = 'offered' and kind = 'caller' and p_agent = any(offered_to)
$$;

-- It rang and nobody answered; what the agent is now, null: it did not ring any more. p_device_gone: the
-- device could not be reached, so offline until it is back: no other call is offered to it meanwhile.
drop function agent_missed;
drop function agent_unreached;
create function agent_missed(p_agent uuid, p_call uuid, p_device_gone boolean, p_at timestamptz) returns text
language plpgsql as $$
declare
  r agent_presence;
  allowed int;
begin
  perform give_back(p_agent, p_call);
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
  elsif p_device_gone then
    r := presence_entered(r, 'offline', 'device_gone', p_at);
  else
    r := presence_onwards(r, p_at);
  end if;
  perform keep_presence(r);
  return r.state;
end $$;

-- Whom it was offered to at p_offered_at (null: whenever) did not answer: wait on, in the old place.
-- False: that offer is over, and there may be another; decisions made meanwhile then stand.
drop function wait_on;
create function wait_on(p_entry uuid, p_tried uuid[], p_at timestamptz, p_offered_at timestamptz default null)
returns boolean language plpgsql as $$
declare
  entry queue_entries;
begin
  perform next_turn(enterprise_id) from queue_entries where id = p_entry
    and (p_offered_at is null or state = 'offered' and offered_at = p_offered_at);
  select * into entry from queue_entries where id = p_entry and state = 'offered'
    and (p_offered_at is null or offered_at = p_offered_at) for update;
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

-- A controller takes up calls that it, or one before it, has lost: whoever rang for them is free, as if
-- it had not been, and whoever waited is in the old place, in the care of p_node. All of them before
-- any goes on, so that nobody is overtaken who is taken up a moment later.
create function take_up_calls(p_calls uuid[], p_node text, p_at timestamptz) returns void language plpgsql as $$
declare
  entry record;
begin
  for entry in select id from queue_entries e
      where call_id = any(p_calls) and kind = 'caller' and state in ('waiting', 'offered')
        and not exists (select from agent_presence a where a.call_id = e.call_id and a.state in ('talking', 'on_hold'))
      order by enterprise_id, id loop
    perform wait_on(entry.id, '{}', p_at);
    update queue_entries set node = p_node where id = entry.id and state = 'waiting';
  end loop;
  perform free_agent(agent_id, call_id, false, p_at) from (
    select agent_id, call_id from agent_presence where call_id = any(p_calls) and state = 'ringing'
    order by agent_id) rings;
end $$;

revoke execute on function give_back, agent_missed, wait_on, take_up_calls from public;
grant execute on function give_back, agent_missed, wait_on, take_up_calls to hotline_platform;
