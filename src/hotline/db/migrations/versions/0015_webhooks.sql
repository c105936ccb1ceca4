-- Webhooks: what an enterprise wants to be told, and every telling with what came of it.

create table webhooks (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  url text not null check (url ~ '^https?://' and length(url) <= 500),
  description text not null default '' check (length(description) <= 200),
  events text[] not null check (cardinality(events) > 0),
  enabled boolean not null default true,
  failing_since timestamptz,                         -- every delivery since then has failed
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, id)
);
create index on webhooks (enterprise_id) where enabled;
select protect_tenant_table('webhooks');
create trigger set_updated_at before update on webhooks for each row execute function set_updated_at();

-- Apart, because no tenant's transaction can read it: it is shown once, by who made it.
create table webhook_secrets (
  webhook_id uuid primary key,
  enterprise_id uuid not null references enterprises,
  secret text not null,
  foreign key (enterprise_id, webhook_id) references webhooks (enterprise_id, id) on delete cascade
);
select protect_tenant_table('webhook_secrets', 'insert, delete');
grant select (webhook_id, enterprise_id) on webhook_secrets to hotline_app;

create table webhook_deliveries (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  webhook_id uuid not null,
  event_id uuid not null,                            -- the same for every webhook that is told of it
  type text not null,
  subject uuid,                                      -- the call, the message … it speaks of
  happened_at timestamptz not null,
  body text,                                         -- as first sent; the same in every attempt
  state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
  attempts int not null default 0,
  status int,                                        -- the last answer's
  error text not null default '',
  answer text not null default '',                   -- the beginning of the last answer
  created_at timestamptz not null default now(),
  attempted_at timestamptz,
  due_at timestamptz not null default now(),         -- of the next attempt, while pending
  delivered_at timestamptz,
  unique (webhook_id, event_id),
  foreign key (enterprise_id, webhook_id) references webhooks (enterprise_id, id) on delete cascade
);
create index on webhook_deliveries (enterprise_id, webhook_id, created_at desc, id desc);
create index on webhook_deliveries (created_at);
create index on webhook_deliveries (due_at) where state = 'pending';
select protect_tenant_table('webhook_deliveries', 'select, insert');
-- Sent again by hand.
grant update (state, attempts, due_at) on webhook_deliveries to hotline_app;

-- Have every webhook of the enterprise that wants this type told, once an event, in the transaction
-- in which it happens. Any part of the platform may call it.
create function tell_webhooks(p_enterprise uuid, p_type text, p_event uuid, p_subject uuid, p_at timestamptz)
returns void language sql as $$
  insert into webhook_deliveries (id, enterprise_id, webhook_id, event_id, type, subject, happened_at)
    select gen_random_uuid(), enterprise_id, id, p_event, p_type, p_subject, p_at
    from webhooks where enterprise_id = p_enterprise and enabled and p_type = any(events)
    on conflict (webhook_id, event_id) do nothing
$$;
revoke execute on function tell_webhooks from public;
grant execute on function tell_webhooks to hotline_platform;

-- Of the events of calls these are told. One statement for all that are written together.
create function tell_webhooks_of_calls() returns trigger language plpgsql as $$
begin
  insert into webhook_deliveries (id, enterprise_id, webhook_id, event_id, type, subject, happened_at)
    select gen_random_uuid(), w.enterprise_id, w.id, a.id, told.type, a.call_id, a.at
    from added a
    join (values ('arrived', 'call.started'), ('connected', 'call.answered'), ('ended', 'call.ended'))
      as told (event, type) on told.event = a.type
    join webhooks w on w.enterprise_id = a.enterprise_id and w.enabled and told.type = any(w.events)
    on conflict (webhook_id, event_id) do nothing;
  return null;
end $$;
create trigger tell_webhooks after insert on call_events referencing new table as added
  for each statement execute function tell_webhooks_of_calls();

-- One job a webhook does all that is due: a slow one keeps nobody waiting but itself.
create function queue_webhook_deliveries() returns trigger language plpgsql as $$
begin
  perform enqueue_job('webhooks.deliver', jsonb_build_object('webhook_id', due.webhook_id), 'webhooks', 0,
      'webhook:' || due.webhook_id, 'webhook:' || due.webhook_id, null)
    from (select distinct webhook_id from added) due;
  return null;
end $$;
create trigger queue_deliveries after insert on webhook_deliveries referencing new table as added
  for each statement execute function queue_webhook_deliveries();
