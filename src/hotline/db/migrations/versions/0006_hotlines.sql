-- Hotlines: when they are open, whom they reject, where they forward.

create table schedules (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  name text not null check (length(name) between 1 and 100),
  time_zone text not null default 'Asia/Shanghai',
  weekly jsonb not null,                             -- {"1": [["09:00","18:00"]], …}, ISO weekday
  special_days jsonb not null default '{}',          -- {"2026-10-01": [] (closed) or [["10:00","16:00"]]}
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, id)
);
select protect_tenant_table('schedules');
create trigger set_updated_at before update on schedules for each row execute function set_updated_at();

-- ------------------------------------------------------------ where calls are forwarded

create table destinations (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  number text not null check (number ~ '^[0-9]{3,20}$'),
  label text not null default '' check (length(label) <= 64),
  status text not null default 'pending' check (status in ('pending', 'approved', 'rejected', 'disabled')),
  reviewed_by uuid references users,
  reviewed_at timestamptz,
  review_note text not null default '' check (length(review_note) <= 500),
  ring_timeout int not null default 25 check (ring_timeout between 5 and 120),   -- seconds
  concurrent_cap int check (concurrent_cap between 1 and 1000),
  monthly_cap_minutes int check (monthly_cap_minutes between 1 and 1000000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, number),
  unique (enterprise_id, id)
);
select protect_tenant_table('destinations');
create trigger set_updated_at before update on destinations for each row execute function set_updated_at();

create table destination_usage (
  destination_id uuid not null,
  enterprise_id uuid not null references enterprises,
  month date not null,                               -- its first day, in Asia/Shanghai
  calls int not null default 0,
  talk_seconds bigint not null default 0,
  primary key (destination_id, month),
  foreign key (enterprise_id, destination_id) references destinations (enterprise_id, id) on delete cascade
);
select protect_tenant_table('destination_usage', 'select');

create table forwarding_groups (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  name text not null check (length(name) between 1 and 100),
  strategy text not null check (strategy in ('random', 'sequential', 'priority')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, id)
);
select protect_tenant_table('forwarding_groups');
create trigger set_updated_at before update on forwarding_groups for each row execute function set_updated_at();

create table forwarding_members (
  group_id uuid not null,
  destination_id uuid not null,
  enterprise_id uuid not null references enterprises,
  position int not null check (position >= 0),
  turns bigint not null default 0,                   -- calls given to it, for even rotation
  primary key (group_id, destination_id),
  foreign key (enterprise_id, group_id) references forwarding_groups (enterprise_id, id) on delete cascade,
  foreign key (enterprise_id, destination_id) references destinations (enterprise_id, id)
);
create index on forwarding_members (enterprise_id, destination_id);
select protect_tenant_table('forwarding_members');

-- Who joins a rotation starts level with the one that had the fewest calls, instead of being given
-- all calls until it has caught up.
create function start_turns_level() returns trigger language plpgsql as $$
begin
  new.turns := coalesce((select min(turns) from forwarding_members where group_id = new.group_id), 0);
  return new;
end $$;
create trigger start_turns_level before insert on forwarding_members
  for each row execute function start_turns_level();

-- ------------------------------------------------------------ hotlines

create table hotlines (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  number text not null unique check (number ~ '^[0-9]{3,15}$'),
  name text not null check (length(name) between 1 and 100),
  status text not null default 'active' check (status in ('pending', 'active', 'suspended', 'closed')),
  concurrent_limit int check (concurrent_limit between 1 and 10000),
  schedule_id uuid,                                  -- null: always open
  group_id uuid,
  greeting_prompt_id uuid,
  closed_prompt_id uuid,                             -- out of hours
  failed_prompt_id uuid,                             -- nobody could be reached
  recording boolean not null default false,
  recording_notice_prompt_id uuid,
  caller_id_mode text not null default 'caller' check (caller_id_mode in ('caller', 'hotline')),
  whisper boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  flow_id uuid,                                      -- null: the plain settings
  -- [{"province": "广东", "city": "深圳" or null, "group_id": …}], the first that holds
  regions jsonb not null default '[]' check (jsonb_typeof(regions) = 'array' and jsonb_array_length(regions) <= 500),
  survey_id uuid,                                    -- asked after the callee has hung up
  unique (enterprise_id, id),
  constraint hotlines_schedule_id foreign key (enterprise_id, schedule_id) references schedules (enterprise_id, id),
  constraint hotlines_group_id foreign key (enterprise_id, group_id) references forwarding_groups (enterprise_id, id),
  constraint hotlines_greeting_prompt_id foreign key (enterprise_id, greeting_prompt_id) references prompts (enterprise_id, id),
  constraint hotlines_closed_prompt_id foreign key (enterprise_id, closed_prompt_id) references prompts (enterprise_id, id),
  constraint hotlines_failed_prompt_id foreign key (enterprise_id, failed_prompt_id) references prompts (enterprise_id, id),
  constraint hotlines_recording_notice_prompt_id foreign key (enterprise_id, recording_notice_prompt_id) references prompts (enterprise_id, id),
  constraint hotlines_flow_id foreign key (enterprise_id, flow_id) references flows (enterprise_id, id),
  constraint hotlines_survey_id foreign key (enterprise_id, survey_id) references surveys (enterprise_id, id)
);
select protect_tenant_table('hotlines');
create trigger set_updated_at before update on hotlines for each row execute function set_updated_at();

-- ------------------------------------------------------------ screening

create table screening_entries (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  hotline_id uuid,                                   -- null: every hotline
  pattern text not null check (pattern ~ '^[+]?[0-9]{1,20}$'),
  match text not null check (match in ('number', 'prefix')),
  action text not null check (action in ('reject', 'voicemail_notice')),
  until timestamptz,                                 -- null: for ever
  note text not null default '' check (length(note) <= 200),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint screening_entries_hotline_id foreign key (enterprise_id, hotline_id) references hotlines (enterprise_id, id) on delete cascade
);
create unique index screening_entries_once on screening_entries (enterprise_id, coalesce(hotline_id, '00000000-0000-0000-0000-000000000000'), match, pattern);
select protect_tenant_table('screening_entries');
create trigger set_updated_at before update on screening_entries for each row execute function set_updated_at();

create table blocked_areas (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  hotline_id uuid,                                   -- null: every hotline
  area_code text not null check (area_code ~ '^0[0-9]{2,3}$'),      -- 长途区号
  office_code text check (office_code ~ '^[0-9]{1,5}$'),            -- 局号; null: the whole area
  note text not null default '' check (length(note) <= 200),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint blocked_areas_hotline_id foreign key (enterprise_id, hotline_id) references hotlines (enterprise_id, id) on delete cascade
);
create unique index blocked_areas_once on blocked_areas (enterprise_id, coalesce(hotline_id, '00000000-0000-0000-0000-000000000000'), area_code, coalesce(office_code, ''));
select protect_tenant_table('blocked_areas');
create trigger set_updated_at before update on blocked_areas for each row execute function set_updated_at();
