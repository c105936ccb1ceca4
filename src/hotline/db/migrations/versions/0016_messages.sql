-- Messages that callers leave, and what they answer when they are asked how it was.

create table voicemail_boxes (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  name text not null check (length(name) between 1 and 100),
  -- Whose it is: a hotline's, a queue's or an agent's. None of them: the enterprise's.
  hotline_id uuid,
  queue_id uuid,
  agent_id uuid,
  greeting_prompt_id uuid,                           -- null: the platform's words
  review_prompt_id uuid,                             -- null: the platform's words for the usual keys
  max_seconds int not null default 120 check (max_seconds between 5 and 600),
  silence_seconds int not null default 5 check (silence_seconds between 0 and 60),   -- 0: silence ends nothing
  finish_key text not null default '#' check (finish_key ~ '^[0-9*#]?$'),
  rerecord_key text not null default '*' check (rerecord_key ~ '^[0-9*#]?$'),
  review boolean not null default true,              -- offer to listen, record again or keep
  takes_blacklisted boolean not null default false,  -- of a hotline: its screened callers may leave a message
  for_members boolean not null default false,        -- of a queue: its members hear it too
  notify boolean not null default true,              -- push an event when a message was left
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, id),
  check (num_nonnulls(hotline_id, queue_id, agent_id) <= 1),
  check (finish_key = '' or finish_key <> rerecord_key),
  constraint voicemail_boxes_hotline_id foreign key (enterprise_id, hotline_id) references hotlines (enterprise_id, id) on delete set null (hotline_id),
  constraint voicemail_boxes_queue_id foreign key (enterprise_id, queue_id) references queues (enterprise_id, id) on delete set null (queue_id),
  constraint voicemail_boxes_agent_id foreign key (enterprise_id, agent_id) references agents (enterprise_id, id) on delete set null (agent_id),
  constraint voicemail_boxes_greeting_prompt_id foreign key (enterprise_id, greeting_prompt_id) references prompts (enterprise_id, id),
  constraint voicemail_boxes_review_prompt_id foreign key (enterprise_id, review_prompt_id) references prompts (enterprise_id, id)
);
create unique index voicemail_boxes_blacklisted_once on voicemail_boxes (hotline_id) where takes_blacklisted;
create index on voicemail_boxes (agent_id) where agent_id is not null;
create index on voicemail_boxes (queue_id) where queue_id is not null;
select protect_tenant_table('voicemail_boxes');
create trigger set_updated_at before update on voicemail_boxes for each row execute function set_updated_at();

-- The sound is the recording of the same id; who called, the call of call_id.
create table voicemail_messages (
  id uuid primary key,
  enterprise_id uuid not null,
  box_id uuid not null,
  call_id uuid not null,
  left_at timestamptz not null,
  seconds real,                                      -- null: the controller died meanwhile; the sound knows
  ended_by text not null default '' check (ended_by in ('', 'key', 'silence', 'limit', 'hangup')),
  status text not null default 'new' check (status in ('new', 'heard', 'closed')),
  note text not null default '' check (length(note) <= 2000),
  heard_at timestamptz,
  heard_by uuid,
  updated_at timestamptz not null default now()
);
create index on voicemail_messages (enterprise_id, left_at desc, id desc);
create index on voicemail_messages (box_id, left_at desc, id desc);
create index on voicemail_messages (box_id) where status = 'new';   -- to count those nobody has heard
select protect_tenant_table('voicemail_messages', 'select, update, delete');
create trigger set_updated_at before update on voicemail_messages for each row execute function set_updated_at();

-- A message is told to the agent whose box it is in, and to the enterprise's own systems.
create function keep_message() returns trigger language plpgsql as $$
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
create trigger keep_message after insert on call_events for each row
  when (new.type = 'message_left') execute function keep_message();

-- ------------------------------------------------------------ surveys

-- Who was asked, and what they said. History: it outlives survey, question and agent.
create table survey_runs (
  id uuid primary key,
  enterprise_id uuid not null,
  call_id uuid not null,
  leg int not null,                                  -- who had talked with the caller last; 0: nobody
  survey_id uuid not null,
  agent_id uuid,
  asked_at timestamptz not null,
  unique (call_id, leg)
);
create index on survey_runs (enterprise_id, survey_id, asked_at desc, id desc);
select protect_tenant_table('survey_runs', 'select');

create table survey_answers (
  id uuid primary key,
  enterprise_id uuid not null,
  call_id uuid not null,
  leg int not null,
  survey_id uuid not null,
  question_id uuid not null,
  question text not null,
  agent_id uuid,
  key text not null,
  label text not null,
  score real,
  at timestamptz not null,
  unique (call_id, leg, question_id)
);
create index on survey_answers (enterprise_id, survey_id, at desc, id desc);
create index on survey_answers (enterprise_id, agent_id, at desc) where agent_id is not null;
select protect_tenant_table('survey_answers', 'select');

create function keep_survey() returns trigger language plpgsql as $$
begin
  if new.type = 'survey_asked' then
    insert into survey_runs (id, enterprise_id, call_id, leg, survey_id, agent_id, asked_at)
      values (new.id, new.enterprise_id, new.call_id, (new.data ->> 'leg')::int, (new.data ->> 'survey_id')::uuid,
        (new.data ->> 'agent_id')::uuid, new.at)
      on conflict do nothing;
  else
    insert into survey_answers (id, enterprise_id, call_id, leg, survey_id, question_id, question, agent_id, key, label, score, at)
      values (new.id, new.enterprise_id, new.call_id, (new.data ->> 'leg')::int, (new.data ->> 'survey_id')::uuid,
        (new.data ->> 'question_id')::uuid, new.data ->> 'question', (new.data ->> 'agent_id')::uuid,
        new.data ->> 'key', new.data ->> 'label', (new.data ->> 'score')::real, new.at)
      on conflict do nothing;
  end if;
  return null;
end $$;
create trigger keep_survey after insert on call_events for each row
  when (new.type in ('survey_asked', 'survey_answered')) execute function keep_survey();

create function tell_webhooks_of_survey() returns trigger language plpgsql as $$
begin
  perform tell_webhooks(new.enterprise_id, 'survey.answered', new.id, new.id, new.at);
  return null;
end $$;
create trigger tell_webhooks after insert on survey_answers for each row execute function tell_webhooks_of_survey();
