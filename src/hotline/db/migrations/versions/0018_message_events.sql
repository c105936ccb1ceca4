-- A message and an answer are told to enterprises' own systems, and a message to the agent whose
-- box it is in.

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
  select b.id, b.notify, b.agent_id, b.queue_id into box from voicemail_boxes b
    where b.id = (new.data ->> 'box_id')::uuid;
  if box.notify then
    perform pg_notify('hotline_live', json_build_object('enterprise_id', new.enterprise_id, 'type', 'voicemail_left',
      'call_id', new.call_id, 'message_id', message, 'box_id', box.id, 'agent_id', box.agent_id,
      'queue_id', box.queue_id, 'at', new.at)::text);
    perform tell_webhooks(new.enterprise_id, 'message.left', new.id, message, new.at);
  end if;
  return null;
end $$;

create function tell_webhooks_of_survey() returns trigger language plpgsql as $$
begin
  perform tell_webhooks(new.enterprise_id, 'survey.answered', new.id, new.id, new.at);
  return null;
end $$;
create trigger tell_webhooks after insert on survey_answers for each row execute function tell_webhooks_of_survey();
