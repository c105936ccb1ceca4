-- Talks of agents: a call may have several, each with its leg, its holds and its recording.

alter table calls
  add column direction text not null default 'inbound' check (direction in ('inbound', 'outbound', 'internal')),
  add column agent_id uuid,                          -- who placed it; null: a customer did
  add column hold_ms int not null default 0;
create index on calls (enterprise_id, agent_id, started_at desc) where agent_id is not null;

alter table call_legs
  add column kind text not null default 'destination'
    check (kind in ('destination', 'agent', 'consult', 'outside', 'customer')),
  add column agent_id uuid,
  add column queue_id uuid,                          -- that distributed the call to the agent
  add column connected_at timestamptz,               -- the caller and it talked from then
  add column talk_ms int not null default 0,
  add column hold_ms int not null default 0;
create index on call_legs (enterprise_id, agent_id, dialled_at desc) where agent_id is not null;

alter table recordings
  add column position int,                           -- the leg that talked
  add column agent_id uuid;
create index on recordings (enterprise_id, agent_id, created_at desc) where agent_id is not null;

-- ------------------------------------------------------------ the ledger's write, with the new columns

create or replace function write_ledger(p json) returns void language plpgsql as $$
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
