-- The path of a call: few statements, each one round trip and one transaction.

-- ------------------------------------------------------------ settings that changed

-- Call engines keep an enterprise's settings in memory and compare this number at every call, so
-- that a change holds for the very next one.
create table settings_versions (
  enterprise_id uuid primary key references enterprises on delete cascade,
  version bigint not null
);
select protect_tenant_table('settings_versions', 'select, insert, update');

create function bump_settings_version() returns trigger language plpgsql as $$
begin
  insert into settings_versions as v (enterprise_id, version)
    select distinct enterprise_id, 1 from changed order by enterprise_id
    on conflict (enterprise_id) do update set version = v.version + 1;
  return null;
end $$;

create function bump_settings_version_of_row() returns trigger language plpgsql as $$
begin
  insert into settings_versions as v (enterprise_id, version) values (new.enterprise_id, 1)
    on conflict (enterprise_id) do update set version = v.version + 1;
  return null;
end $$;

do $$
declare name text;
begin
  foreach name in array array['hotlines', 'destinations', 'forwarding_groups', 'forwarding_members', 'schedules',
    'prompts', 'screening_entries', 'blocked_areas'] loop
    execute format('create trigger bump_on_insert after insert on %I referencing new table as changed
      for each statement execute function bump_settings_version()', name);
    execute format('create trigger bump_on_delete after delete on %I referencing old table as changed
      for each statement execute function bump_settings_version()', name);
    -- Members' turns change with every call and are no settings.
    if name <> 'forwarding_members' then
      execute format('create trigger bump_on_update after update on %I referencing new table as changed
        for each statement execute function bump_settings_version()', name);
    end if;
  end loop;
end $$;
create trigger bump_on_update after update of position, group_id, destination_id on forwarding_members
  for each row execute function bump_settings_version_of_row();

-- Who joins a rotation starts level with the one that had the fewest calls, instead of being given
-- all calls until it has caught up.
create function start_turns_level() returns trigger language plpgsql as $$
begin
  new.turns := coalesce((select min(turns) from forwarding_members where group_id = new.group_id), 0);
  return new;
end $$;
create trigger start_turns_level before insert on forwarding_members
  for each row execute function start_turns_level();

-- ------------------------------------------------------------ taking a line and a destination

-- Locks are always taken in the order hotline, group, destinations by id: no deadlocks.

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

create function usage_month(at timestamptz) returns date language sql immutable as $$
  select date_trunc('month', at at time zone 'Asia/Shanghai')::date
$$;

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
        ended_by, waiting_ms, ringing_ms, talk_ms, billable_seconds)
      select id, enterprise_id, hotline_id, dialled, caller, caller_raw, province, city, caller_carrier,
        trunk, node, channel_id, admitted, started_at, answered_at, connected_at, ended_at, outcome, reason,
        ended_by, waiting_ms, ringing_ms, talk_ms, billable_seconds
      from json_populate_recordset(null::calls, batch.calls)
      on conflict (id) do update set admitted = excluded.admitted, answered_at = excluded.answered_at,
        connected_at = excluded.connected_at, ended_at = excluded.ended_at, outcome = excluded.outcome,
        reason = excluded.reason, ended_by = excluded.ended_by, waiting_ms = excluded.waiting_ms,
        ringing_ms = excluded.ringing_ms, talk_ms = excluded.talk_ms, billable_seconds = excluded.billable_seconds
      where calls.ended_at is null;
  end if;

  if json_array_length(batch.legs) > 0 then
    insert into call_legs (id, call_id, enterprise_id, position, destination_id, target, trunk, result, sip_code,
        cause, dialled_at, ringing_at, answered_at, ended_at)
      select id, call_id, enterprise_id, position, destination_id, target, trunk, result, sip_code, cause,
        dialled_at, ringing_at, answered_at, ended_at
      from json_populate_recordset(null::call_legs, batch.legs)
      on conflict (call_id, position) do update set result = excluded.result, sip_code = excluded.sip_code,
        cause = excluded.cause, ringing_at = excluded.ringing_at, answered_at = excluded.answered_at,
        ended_at = excluded.ended_at;
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
        insert into recordings (id, enterprise_id, call_id, node, spool_name)
          select r.id, r.enterprise_id, r.call_id, r.node, r.spool_name
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

revoke execute on function begin_call, claim_destination, write_ledger from public;
grant execute on function begin_call, claim_destination, write_ledger to hotline_platform;
