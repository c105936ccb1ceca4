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
