-- Handling calls: commands to running ones, what is offered to whom, notes after them.

-- A command to a running call: written by whoever wants it, taken once by the node that has the call.
create table call_commands (
  id uuid primary key,
  enterprise_id uuid not null,
  call_id uuid not null,
  node text not null,
  agent_id uuid,                                     -- who wants it; null: a supervisor
  issued_by uuid,                                    -- the user
  verb text not null check (length(verb) between 1 and 40),
  arguments jsonb not null default '{}',
  state text not null default 'sent' check (state in ('sent', 'taken', 'done', 'refused', 'expired')),
  error text,
  result jsonb,
  at timestamptz not null default now(),
  answered_at timestamptz
) with (fillfactor = 70);
create index on call_commands (at);
create index on call_commands (node) where state = 'sent';
select protect_tenant_table('call_commands', 'select, insert, update');

-- 'sent', or why not: 'unknown' is a call that is not there, 'over' one that has ended.
create function send_call_command(p_id uuid, p_enterprise uuid, p_call uuid, p_agent uuid, p_user uuid, p_verb text,
  p_arguments jsonb) returns text language plpgsql as $$
declare
  c record;
begin
  select node, ended_at into c from calls where id = p_call and enterprise_id = p_enterprise;
  if not found then
    return 'unknown';
  end if;
  if c.ended_at is not null then
    return 'over';
  end if;
  insert into call_commands (id, enterprise_id, call_id, node, agent_id, issued_by, verb, arguments)
    values (p_id, p_enterprise, p_call, c.node, p_agent, p_user, p_verb, p_arguments);
  perform pg_notify('hotline_commands', c.node || ' ' || p_id);
  return 'sent';
end $$;

-- What an agent is shown of the call that is offered, before the device rings. One row an agent.
create table agent_offers (
  agent_id uuid primary key,
  enterprise_id uuid not null,
  call_id uuid not null,
  at timestamptz not null,
  details jsonb not null
) with (fillfactor = 70);
select protect_tenant_table('agent_offers', 'select');

-- Offer a call to agents: kept for those who look, told to those who watch.
create function offer_call(p_enterprise uuid, p_call uuid, p_agents uuid[], p_caller text, p_details jsonb, p_at timestamptz)
returns void language plpgsql as $$
declare
  earlier jsonb;
  details jsonb;
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
  perform pg_notify('hotline_live', (details || jsonb_build_object('enterprise_id', p_enterprise,
    'type', 'call_offered', 'call_id', p_call, 'agent_id', agent))::text) from unnest(p_agents) agent;
end $$;

-- ------------------------------------------------------------ after the call

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

-- Numbers that this enterprise's agents may not call, beside those that nobody may.
create table forbidden_numbers (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  number text not null check (number ~ '^[0-9]{3,20}$'),
  note text not null default '' check (length(note) <= 200),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint forbidden_numbers_once unique (enterprise_id, number)
);
select protect_tenant_table('forbidden_numbers');
create trigger set_updated_at before update on forbidden_numbers for each row execute function set_updated_at();

revoke execute on function offer_call from public;
grant execute on function offer_call to hotline_platform;
