-- Callers who wait are told when the last agent has signed off, and who comes back to a queue from one
-- of its agents is not given to the same one at once.

-- Whether anybody is signed in. A phone that was lost a moment ago, as of a page that is loaded anew,
-- has not gone home.
create function queue_is_staffed(p_queue uuid, p_at timestamptz) returns boolean language sql stable as $$
  select exists (select from queue_members m join agent_presence a using (agent_id)
    where m.queue_id = p_queue and (a.state <> 'offline'
      or (a.reason = 'device_gone' and a.since > p_at - interval '20 seconds')))
$$;

-- As in 0011, but for who is signed in, and for those in p.tried, who come after the others.
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
  if p_leave_empty and not queue_is_staffed(p.queue_id, p.entered_at) then
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
      skills, preferred_agent, preferred_until, tried)
    values (p.id, p.enterprise_id, p.queue_id, p.call_id, p.hotline_id, p.caller, p.node, p.priority, p.entered_at,
      p.skills, p.preferred_agent, p.preferred_until, coalesce(p.tried, '{}'));
  outcome := 'entered';
  since := p.entered_at;
end $$;

revoke execute on function queue_is_staffed from public;
grant execute on function queue_is_staffed to hotline_platform;
