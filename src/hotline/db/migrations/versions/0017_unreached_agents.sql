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
