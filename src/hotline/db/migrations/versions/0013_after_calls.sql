-- What is said of a call when it is over: notes, and reviews of its quality.

create table dispositions (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  code text not null check (code ~ '^[A-Za-z0-9_-]{1,40}$'),
  name text not null check (length(name) between 1 and 100),
  position int not null default 0 check (position between 0 and 10000),
  enabled boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, id),
  constraint dispositions_code_once unique (enterprise_id, code)
);
select protect_tenant_table('dispositions');
create trigger set_updated_at before update on dispositions for each row execute function set_updated_at();

create table call_notes (
  call_id uuid not null,
  agent_id uuid not null,
  enterprise_id uuid not null references enterprises,
  disposition_id uuid,
  disposition text not null default '',              -- its code then
  note text not null default '' check (length(note) <= 4000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (call_id, agent_id)
);
create index on call_notes (enterprise_id, disposition_id);
select protect_tenant_table('call_notes');
create trigger set_updated_at before update on call_notes for each row execute function set_updated_at();

-- ------------------------------------------------------------ quality

-- By which talks are judged.
create table score_sheets (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  name text not null check (length(name) between 1 and 100),
  criteria jsonb not null,                           -- [{"key", "name", "weight", "points", "description"}]
  in_use boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, id)
);
select protect_tenant_table('score_sheets');
create trigger set_updated_at before update on score_sheets for each row execute function set_updated_at();

-- A review keeps the criteria as they were: a sheet that changes later does not change it.
create table quality_reviews (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  call_id uuid not null,
  recording_id uuid,                                 -- null: the call as a whole
  agent_id uuid,                                     -- whose talk it was
  sheet_id uuid not null,
  sheet_name text not null,
  criteria jsonb not null,
  points jsonb not null,                             -- {"key": points}
  total numeric(5, 2) not null check (total between 0 and 100),
  comment text not null default '' check (length(comment) <= 4000),
  reviewer_id uuid,
  reviewer_name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint quality_reviews_sheet_id foreign key (enterprise_id, sheet_id) references score_sheets (enterprise_id, id)
);
create index on quality_reviews (enterprise_id, created_at desc, id desc);
create index on quality_reviews (enterprise_id, agent_id, created_at desc);
create index on quality_reviews (call_id);
select protect_tenant_table('quality_reviews');
create trigger set_updated_at before update on quality_reviews for each row execute function set_updated_at();
