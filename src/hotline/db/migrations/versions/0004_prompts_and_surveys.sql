-- What callers hear, and what they are asked.

create table prompts (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  name text not null check (length(name) between 1 and 100),
  kind text not null check (kind in ('text', 'upload')),
  text text check (length(text) <= 2000),
  voice text,
  speed real not null default 1.0 check (speed between 0.5 and 2.0),
  status text not null default 'pending' check (status in ('pending', 'ready', 'failed')),
  error text,
  error_zh text,
  content_hash text,                                 -- names the sound file
  duration_ms int,
  stand_in boolean not null default false,           -- another voice than the one asked for speaks it
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((kind = 'text') = (text is not null)),
  check ((status = 'ready') = (content_hash is not null and duration_ms is not null) or status <> 'ready'),
  unique (enterprise_id, id)
);
select protect_tenant_table('prompts');
create trigger set_updated_at before update on prompts for each row execute function set_updated_at();

create table surveys (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  name text not null check (length(name) between 1 and 100),
  intro_prompt_id uuid,
  invalid_prompt_id uuid,                            -- after a wrong key; null: the platform's words
  thanks_prompt_id uuid,                             -- null: the platform's words
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (enterprise_id, id),
  constraint surveys_intro_prompt_id foreign key (enterprise_id, intro_prompt_id) references prompts (enterprise_id, id),
  constraint surveys_invalid_prompt_id foreign key (enterprise_id, invalid_prompt_id) references prompts (enterprise_id, id),
  constraint surveys_thanks_prompt_id foreign key (enterprise_id, thanks_prompt_id) references prompts (enterprise_id, id)
);
select protect_tenant_table('surveys');
create trigger set_updated_at before update on surveys for each row execute function set_updated_at();

create table survey_questions (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  survey_id uuid not null,
  position int not null check (position >= 0),
  text text not null check (length(text) between 1 and 200),
  prompt_id uuid not null,
  keys jsonb not null,                               -- {"1": {"label": "满意", "score": 5}}
  tries int not null default 2 check (tries between 1 and 5),
  timeout_seconds int not null default 5 check (timeout_seconds between 1 and 30),
  constraint survey_questions_survey_id foreign key (enterprise_id, survey_id) references surveys (enterprise_id, id) on delete cascade,
  constraint survey_questions_prompt_id foreign key (enterprise_id, prompt_id) references prompts (enterprise_id, id)
);
create index on survey_questions (survey_id);
select protect_tenant_table('survey_questions');
