-- Announcements in writing, for agents to read on their desk. (What callers hear is a prompt.)

create table bulletins (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  title text not null check (length(title) between 1 and 100),
  body text not null default '' check (length(body) <= 4000),
  important boolean not null default false,          -- stands at the top of the desk until it is read
  queue_id uuid,                                     -- only for its members; null: for every agent
  shows_from timestamptz not null default now(),
  shows_until timestamptz,                           -- null: until it is removed
  author text not null,                              -- as the name was then
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, id),
  constraint bulletins_times check (shows_until > shows_from),
  constraint bulletins_queue_id foreign key (enterprise_id, queue_id)
    references queues (enterprise_id, id) on delete cascade
);
create index on bulletins (enterprise_id, created_at desc, id desc);
select protect_tenant_table('bulletins');
create trigger set_updated_at before update on bulletins for each row execute function set_updated_at();

-- Who has read which.
create table bulletin_readings (
  bulletin_id uuid not null,
  agent_id uuid not null references agents on delete cascade,
  enterprise_id uuid not null references enterprises,
  read_at timestamptz not null,
  primary key (bulletin_id, agent_id),
  foreign key (enterprise_id, bulletin_id) references bulletins (enterprise_id, id) on delete cascade
);
create index on bulletin_readings (agent_id);
select protect_tenant_table('bulletin_readings', 'select, insert, delete');

create function tell_bulletin() returns trigger language plpgsql as $$
declare b bulletins := coalesce(new, old);
begin
  perform pg_notify('hotline_live', json_build_object('enterprise_id', b.enterprise_id, 'type', 'bulletin',
    'bulletin_id', b.id, 'at', now())::text);
  return null;
end $$;
create trigger tell after insert or update or delete on bulletins for each row execute function tell_bulletin();

create function tell_bulletin_reading() returns trigger language plpgsql as $$
begin
  perform pg_notify('hotline_live', json_build_object('enterprise_id', new.enterprise_id, 'type', 'bulletin_read',
    'bulletin_id', new.bulletin_id, 'agent_id', new.agent_id, 'at', new.read_at)::text);
  return null;
end $$;
create trigger tell after insert on bulletin_readings for each row execute function tell_bulletin_reading();
