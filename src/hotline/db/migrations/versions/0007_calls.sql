-- Calls as they were, and what is asked at every call: few statements, each one round trip and one
-- transaction.

-- The tables of calls take the most rows and are written by the functions below alone, with ids that
-- were read in the database a moment before. A foreign key would look each of them up again and
-- mark the enterprise's, hotline's and destination's row as locked at every call, which costs more
-- than the row; so there is none, and few indexes. They are history too: a call keeps the ids of a
-- hotline and destinations that were deleted later.

create table call_events (
  call_id uuid not null,
  id uuid not null,                                  -- derived from the call and what happened: appending twice is harmless
  enterprise_id uuid,                                -- null: no hotline was found
  at timestamptz not null,
  type text not null,
  data jsonb not null default '{}',
  primary key (call_id, id)
);
select protect_tenant_table('call_events', 'select');

create table calls (
  id uuid primary key,
  enterprise_id uuid,                                -- null: no hotline was found
  hotline_id uuid,
  dialled text not null,
  caller text not null,                              -- normalised; empty: anonymous
  caller_raw text not null,
  province text not null default '',
  city text not null default '',
  caller_carrier text not null default '',
  trunk text not null,
  node text not null,
  channel_id text not null,
  admitted boolean not null default true,            -- took one of the hotline's lines; refused ones do not
  started_at timestamptz not null,
  answered_at timestamptz,                           -- we answered the caller
  connected_at timestamptz,                          -- a destination talked to the caller
  ended_at timestamptz,                              -- null: in progress
  -- served: a flow came to its end by itself
  outcome text check (outcome in ('answered', 'unanswered', 'abandoned', 'refused', 'failed', 'served')),
  reason text not null default '',                   -- which rule, which step, which cause
  ended_by text check (ended_by in ('caller', 'callee', 'system')),
  waiting_ms int not null default 0,
  ringing_ms int not null default 0,
  talk_ms int not null default 0,
  billable_seconds int not null default 0,
  direction text not null default 'inbound' check (direction in ('inbound', 'outbound', 'internal')),
  agent_id uuid,                                     -- who placed it; null: a customer did
  hold_ms int not null default 0,
  callback_of uuid,                                  -- the call in which it was asked for
  check ((ended_at is null) = (outcome is null))
) with (fillfactor = 75);                            -- room on the page for a call's row to change
create index on calls (enterprise_id, started_at desc, id desc);
create index on calls (started_at desc, id desc);
create index on calls (enterprise_id, caller, started_at desc);
create index on calls (hotline_id) where ended_at is null;   -- also finds a node's: they are few
create index on calls (enterprise_id, agent_id, started_at desc) where agent_id is not null;
select protect_tenant_table('calls', 'select');

create table call_legs (
  id uuid not null,                                  -- derived from the call and the position
  call_id uuid not null,
  enterprise_id uuid,
  position int not null,
  destination_id uuid,
  target text not null,
  trunk text not null default '',
  result text check (result in ('answered', 'busy', 'no_answer', 'rejected', 'unreachable', 'cancelled')),
  sip_code int,
  cause int,
  dialled_at timestamptz not null,
  ringing_at timestamptz,
  answered_at timestamptz,
  ended_at timestamptz,
  kind text not null default 'destination'
    check (kind in ('destination', 'agent', 'consult', 'outside', 'customer')),
  agent_id uuid,
  queue_id uuid,                                     -- that distributed the call to the agent
  connected_at timestamptz,                          -- the caller and it talked from then
  talk_ms int not null default 0,
  hold_ms int not null default 0,
  primary key (call_id, position)
) with (fillfactor = 75);
create index on call_legs (enterprise_id, target);
create index on call_legs (enterprise_id, agent_id, dialled_at desc) where agent_id is not null;
create index on call_legs (queue_id, dialled_at) where queue_id is not null;
select protect_tenant_table('call_legs', 'select');

-- One row for every stored sound, whatever it is of: one way into the storage and out of it.
create table recordings (
  id uuid primary key,
  enterprise_id uuid not null,
  call_id uuid not null,
  node text not null,
  spool_name text not null,                          -- file name in the node's spool
  status text not null default 'pending' check (status in ('pending', 'stored', 'missing', 'deleted')),
  storage_key text unique,                           -- unguessable
  duration_ms int,
  bytes bigint,
  sha256 bytea,
  created_at timestamptz not null default now(),
  stored_at timestamptz,
  position int,                                      -- the leg that talked
  agent_id uuid,
  kind text not null default 'call' check (kind in ('call', 'message')),
  format text not null default 'wav' check (format in ('wav', 'mp3')),
  channels smallint not null default 1 check (channels in (1, 2))    -- 2: caller left, the other right
);
create index on recordings (call_id);
create index on recordings (node) where status = 'pending';
create index on recordings (enterprise_id, agent_id, created_at desc) where agent_id is not null;
create index on recordings (enterprise_id, created_at desc, id desc);
select protect_tenant_table('recordings', 'select, update');

-- How long an enterprise keeps sounds; what is older is deleted by a job.
create table audio_rules (
  enterprise_id uuid primary key references enterprises,
  recording_days int check (recording_days between 1 and 36500),    -- null: for ever
  message_days int check (message_days between 1 and 36500),        -- null: for ever
  updated_at timestamptz not null default now()
);
select protect_tenant_table('audio_rules');
create trigger set_updated_at before update on audio_rules for each row execute function set_updated_at();

-- ------------------------------------------------------------ taking a line and a destination

-- Locks are always taken in the order hotline, group, destinations by id: no deadlocks.

-- Which destinations are taken right now: one row per call and destination being rung or talked to.
create table destination_claims (
  call_id uuid not null,
  destination_id uuid not null,
  enterprise_id uuid not null,
  node text not null,
  claimed_at timestamptz not null,
  primary key (call_id, destination_id)
);
create index on destination_claims (destination_id);
select protect_tenant_table('destination_claims', 'select');

create function usage_month(at timestamptz) returns date language sql immutable as $$
  select date_trunc('month', at at time zone 'Asia/Shanghai')::date
$$;

-- Take the first of p_candidates that is approved and below its caps, and let go of the one this
-- call held before; null: none is free. With p_rotate the member of the group with the fewest turns
-- comes first, equal ones in the order given. Members passed over because they cannot take a call
-- now are lifted to the chosen one's turns: coming back they join the round, without a burst of
-- calls to catch up.
create function claim_destination(p_call uuid, p_node text, p_group uuid, p_rotate boolean, p_candidates uuid[],
  p_at timestamptz) returns uuid language plpgsql as $$
declare
  chosen record;
begin
  delete from destination_claims where call_id = p_call;
  if p_rotate then
    perform 1 from forwarding_groups where id = p_group for no key update;
  end if;
  perform 1 from destinations where id = any(p_candidates) and concurrent_cap is not null
    order by id for no key update;
  select d.id, d.enterprise_id, m.turns into chosen
    from unnest(p_candidates) with ordinality as c(id, place)
    join destinations d on d.id = c.id
    left join forwarding_members m on p_rotate and m.group_id = p_group and m.destination_id = d.id
    where d.status = 'approved'
      and (d.concurrent_cap is null
        or d.concurrent_cap > (select count(*) from destination_claims x where x.destination_id = d.id))
      and (d.monthly_cap_minutes is null
        or d.monthly_cap_minutes * 60 > coalesce((select u.talk_seconds from destination_usage u
          where u.destination_id = d.id and u.month = usage_month(p_at)), 0))
    order by m.turns, c.place limit 1;
  if chosen.id is null then
    return null;
  end if;
  if p_rotate then
    update forwarding_members
      set turns = case when destination_id = chosen.id then turns + 1 else chosen.turns end
      where group_id = p_group and (destination_id = chosen.id or turns < chosen.turns);
  end if;
  insert into destination_claims (call_id, destination_id, enterprise_id, node, claimed_at)
    values (p_call, chosen.id, chosen.enterprise_id, p_node, p_at);
  return chosen.id;
end $$;

-- Begin a call that was admitted: write its row, which takes a line, and claim a destination. The
-- caller decided by what it remembers: the enterprise's settings at p_version, its standing and the
-- carriers. Where any of it is not so any more, or all lines are taken, nothing is done and begun
-- is false. p_version null: it was read a moment ago. Takes a line before a destination.
create function begin_call(p_call calls, p_version bigint, p_balance numeric, p_credit numeric, p_trunks text[],
  p_limit int, p_group uuid, p_rotate boolean, p_candidates uuid[], out begun boolean, out destination uuid)
language plpgsql as $$
begin
  begun := false;
  if p_version is not null then
    perform 1 from settings_versions v join enterprises e on e.id = v.enterprise_id
      where v.enterprise_id = p_call.enterprise_id and v.version = p_version
        and e.status = 'active' and e.balance = p_balance and e.credit_limit = p_credit
        and p_trunks = array(select t.name from carriers t where t.enabled order by t.position, t.name);
    if not found then
      return;
    end if;
  end if;
  if p_limit is not null then
    perform 1 from hotlines where id = p_call.hotline_id for no key update;
    if (select count(*) from calls where hotline_id = p_call.hotline_id and ended_at is null and admitted
          and id <> p_call.id) >= p_limit then
      return;
    end if;
  end if;
  begun := true;
  insert into calls (id, enterprise_id, hotline_id, dialled, caller, caller_raw, province, city, caller_carrier,
      trunk, node, channel_id, started_at)
    values (p_call.id, p_call.enterprise_id, p_call.hotline_id, p_call.dialled, p_call.caller, p_call.caller_raw,
      p_call.province, p_call.city, p_call.caller_carrier, p_call.trunk, p_call.node, p_call.channel_id,
      p_call.started_at)
    on conflict (id) do nothing;
  destination := claim_destination(p_call.id, p_call.node, p_group, p_rotate, p_candidates, p_call.started_at);
end $$;

-- The row of a call that an agent places: it is there from the first moment, for whoever looks.
create function open_placed_call(p json) returns void language sql as $$
  insert into calls (id, enterprise_id, hotline_id, dialled, caller, caller_raw, province, city, caller_carrier,
      trunk, node, channel_id, admitted, started_at, direction, agent_id, callback_of)
    select c.id, c.enterprise_id, c.hotline_id, c.dialled, c.caller, c.caller_raw, c.province, c.city,
      c.caller_carrier, c.trunk, c.node, c.channel_id, false, c.started_at, c.direction, c.agent_id, c.callback_of
    from json_populate_record(null::calls, p) c
    on conflict (id) do nothing
$$;

-- ------------------------------------------------------------ the ledger's write

-- One batch of the ledger in one transaction: events, the records computed from them, and what an
-- end brings with it. Writing a batch again changes nothing.
create function write_ledger(p json) returns void language plpgsql as $$
declare
  batch record;
  newly_ended uuid[];
  recorded_at text[];
begin
  -- Once: each p->'…' would read the whole document again.
  select * into batch from json_to_record(p)
    as b(events json, calls json, legs json, recordings json, notices json);

  with added as (
    insert into call_events (call_id, id, enterprise_id, at, type, data)
      select call_id, id, enterprise_id, at, type, data
      from json_to_recordset(batch.events) as e(id uuid, call_id uuid, enterprise_id uuid, at timestamptz,
        type text, data jsonb)
      on conflict (call_id, id) do nothing
      returning call_id, type)
  select array_agg(call_id) into newly_ended from added where type = 'ended';

  if json_array_length(batch.calls) > 0 then
    insert into calls (id, enterprise_id, hotline_id, dialled, caller, caller_raw, province, city, caller_carrier,
        trunk, node, channel_id, admitted, started_at, answered_at, connected_at, ended_at, outcome, reason,
        ended_by, waiting_ms, ringing_ms, talk_ms, hold_ms, billable_seconds, direction, agent_id)
      select id, enterprise_id, hotline_id, dialled, caller, caller_raw, province, city, caller_carrier,
        trunk, node, channel_id, admitted, started_at, answered_at, connected_at, ended_at, outcome, reason,
        ended_by, waiting_ms, ringing_ms, talk_ms, hold_ms, billable_seconds, direction, agent_id
      from json_populate_recordset(null::calls, batch.calls)
      on conflict (id) do update set admitted = excluded.admitted, answered_at = excluded.answered_at,
        connected_at = excluded.connected_at, ended_at = excluded.ended_at, outcome = excluded.outcome,
        reason = excluded.reason, ended_by = excluded.ended_by, waiting_ms = excluded.waiting_ms,
        ringing_ms = excluded.ringing_ms, talk_ms = excluded.talk_ms,
        hold_ms = excluded.hold_ms, billable_seconds = excluded.billable_seconds
      where calls.ended_at is null;
  end if;

  if json_array_length(batch.legs) > 0 then
    insert into call_legs (id, call_id, enterprise_id, position, destination_id, target, trunk, result, sip_code,
        cause, dialled_at, ringing_at, answered_at, ended_at, kind, agent_id, queue_id, connected_at, talk_ms, hold_ms)
      select id, call_id, enterprise_id, position, destination_id, target, trunk, result, sip_code, cause,
        dialled_at, ringing_at, answered_at, ended_at, kind, agent_id, queue_id, connected_at, talk_ms, hold_ms
      from json_populate_recordset(null::call_legs, batch.legs)
      on conflict (call_id, position) do update set result = excluded.result, sip_code = excluded.sip_code,
        cause = excluded.cause, ringing_at = excluded.ringing_at, answered_at = excluded.answered_at,
        ended_at = excluded.ended_at, connected_at = excluded.connected_at, talk_ms = excluded.talk_ms,
        hold_ms = excluded.hold_ms;
  end if;

  if newly_ended is not null then
    delete from destination_claims where call_id = any(newly_ended);
    insert into destination_usage as u (destination_id, enterprise_id, month, calls, talk_seconds)
      select l.destination_id, l.enterprise_id, usage_month(c.started_at), count(*),
        sum(ceil(extract(epoch from l.ended_at - l.answered_at)))
      from call_legs l join calls c on c.id = l.call_id
      -- One that was deleted during the call is counted no more.
      join destinations d on d.id = l.destination_id
      where l.call_id = any(newly_ended) and l.result = 'answered'
      group by 1, 2, 3 order by 1
      on conflict (destination_id, month) do update
        set calls = u.calls + excluded.calls, talk_seconds = u.talk_seconds + excluded.talk_seconds;
    if json_array_length(batch.recordings) > 0 then
      with added as (
        insert into recordings (id, enterprise_id, call_id, node, spool_name, position, agent_id)
          select r.id, r.enterprise_id, r.call_id, r.node, r.spool_name, r.position, r.agent_id
          from json_populate_recordset(null::recordings, batch.recordings) r
          where r.call_id = any(newly_ended)
          on conflict (id) do nothing
          returning node)
      select array_agg(distinct node) into recorded_at from added;
      perform pg_notify('hotline_recordings', node) from unnest(recorded_at) node;
    end if;
  end if;

  perform pg_notify('hotline_live', n) from json_array_elements_text(batch.notices) n;
end $$;

revoke execute on function begin_call, claim_destination, open_placed_call, write_ledger from public;
grant execute on function begin_call, claim_destination, open_placed_call, write_ledger to hotline_platform;
