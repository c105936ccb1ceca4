-- Who is told of messages and offers; what was deleted is erased for certain.

-- A message is told to those who may hear it, and to the enterprise's own systems. A box that was
-- removed during the call is no reason to be silent: the message is there.
create or replace function keep_message() returns trigger language plpgsql as $$
declare
  message uuid := (new.data ->> 'message_id')::uuid;
  box record;
begin
  insert into voicemail_messages (id, enterprise_id, box_id, call_id, left_at, seconds, ended_by)
    values (message, new.enterprise_id, (new.data ->> 'box_id')::uuid, new.call_id, new.at,
      (new.data ->> 'seconds')::real, coalesce(new.data ->> 'ended_by', ''))
    on conflict (id) do nothing;
  insert into recordings (id, enterprise_id, call_id, node, spool_name, kind)
    values (message, new.enterprise_id, new.call_id, new.data ->> 'node', new.data ->> 'file', 'message')
    on conflict (id) do nothing;
  perform pg_notify('hotline_recordings', new.data ->> 'node');
  select b.notify, b.agent_id, b.queue_id, b.for_members into box from voicemail_boxes b
    where b.id = (new.data ->> 'box_id')::uuid;
  if coalesce(box.notify, true) then
    perform pg_notify('hotline_live', json_build_object('enterprise_id', new.enterprise_id, 'type', 'voicemail_left',
      'call_id', new.call_id, 'message_id', message, 'box_id', new.data ->> 'box_id', 'agent_id', box.agent_id,
      'queue_id', box.queue_id, 'for_members', coalesce(box.for_members, false), 'at', new.at)::text);
    perform tell_webhooks(new.enterprise_id, 'message.left', new.id, message, new.at);
  end if;
  return null;
end $$;

-- Offer a call to agents: kept for those who look, told to those who watch. A notification holds
-- 8000 bytes: where details are longer its lists are empty, whoever is told fetches them, and the call
-- rings all the same.
create or replace function offer_call(p_enterprise uuid, p_call uuid, p_agents uuid[], p_caller text, p_details jsonb,
  p_at timestamptz) returns void language plpgsql as $$
declare
  earlier jsonb;
  details jsonb;
  notice jsonb;
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
  notice := details || jsonb_build_object('enterprise_id', p_enterprise, 'type', 'call_offered', 'call_id', p_call);
  if octet_length(notice::text) > 7800 then
    notice := notice || '{"menu_path": [], "earlier_calls": []}';
  end if;
  perform pg_notify('hotline_live', (notice || jsonb_build_object('agent_id', agent))::text)
    from unnest(p_agents) agent;
end $$;

-- What a job still has to erase: the storage could not be reached when it was deleted.
create index on recordings (storage_key) where status = 'deleted' and storage_key is not null;
