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

-- Write the row of a call that was admitted. False: the hotline's lines are all taken.
create function open_call(p_call json, p_limit int) returns boolean language plpgsql as $$
declare
  row calls := json_populate_record(null::calls, p_call);
begin
  if p_limit is not null then
    perform 1 from hotlines where id = row.hotline_id for no key update;
    if (select count(*) from calls where hotline_id = row.hotline_id and ended_at is null and admitted
          and id <> row.id) >= p_limit then
      return false;
    end if;
  end if;
  insert into calls (id, enterprise_id, hotline_id, dialled, caller, caller_raw, province, city, caller_carrier,
      trunk, node, channel_id, started_at)
    values (row.id, row.enterprise_id, row.hotline_id, row.dialled, row.caller, row.caller_raw, row.province,
      row.city, row.caller_carrier, row.trunk, row.node, row.channel_id, row.started_at)
    on conflict (id) do nothing;
  return true;
end $$;

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

-- ------------------------------------------------------------ the ledger's write

-- One batch of the ledger in one transaction: events, the records computed from them, and what an
-- end brings with it. Writing a batch again changes nothing.
create function write_ledger(p json) returns void language plpgsql as $$
declare
  newly_ended uuid[];
  recorded_at text[];                                -- nodes whose spools hold something new
begin
  with added as (
    insert into call_events (id, call_id, enterprise_id, at, type, data)
      select id, call_id, enterprise_id, at, type, data
      from json_to_recordset(p->'events') as e(id uuid, call_id uuid, enterprise_id uuid, at timestamptz,
        type text, data jsonb)
      on conflict (id) do nothing
      returning call_id, type)
  select array_agg(call_id) into newly_ended from added where type = 'ended';

  -- A hotline or destination may have been deleted during the call.
  insert into calls (id, enterprise_id, hotline_id, dialled, caller, caller_raw, province, city, caller_carrier,
      trunk, node, channel_id, admitted, started_at, answered_at, connected_at, ended_at, outcome, reason,
      ended_by, waiting_ms, ringing_ms, talk_ms, billable_seconds)
    select r.id, r.enterprise_id, h.id, r.dialled, r.caller, r.caller_raw, r.province, r.city, r.caller_carrier,
      r.trunk, r.node, r.channel_id, r.admitted, r.started_at, r.answered_at, r.connected_at, r.ended_at,
      r.outcome, r.reason, r.ended_by, r.waiting_ms, r.ringing_ms, r.talk_ms, r.billable_seconds
    from json_populate_recordset(null::calls, p->'calls') r left join hotlines h on h.id = r.hotline_id
    on conflict (id) do update set admitted = excluded.admitted, answered_at = excluded.answered_at,
      connected_at = excluded.connected_at, ended_at = excluded.ended_at, outcome = excluded.outcome,
      reason = excluded.reason, ended_by = excluded.ended_by, waiting_ms = excluded.waiting_ms,
      ringing_ms = excluded.ringing_ms, talk_ms = excluded.talk_ms, billable_seconds = excluded.billable_seconds
    where calls.ended_at is null;

  insert into call_legs (id, call_id, enterprise_id, position, destination_id, target, trunk, result, sip_code,
      cause, dialled_at, ringing_at, answered_at, ended_at)
    select r.id, r.call_id, r.enterprise_id, r.position, d.id, r.target, r.trunk, r.result, r.sip_code, r.cause,
      r.dialled_at, r.ringing_at, r.answered_at, r.ended_at
    from json_populate_recordset(null::call_legs, p->'legs') r left join destinations d on d.id = r.destination_id
    on conflict (id) do update set result = excluded.result, sip_code = excluded.sip_code,
      cause = excluded.cause, ringing_at = excluded.ringing_at, answered_at = excluded.answered_at,
      ended_at = excluded.ended_at;

  if newly_ended is not null then
    delete from destination_claims where call_id = any(newly_ended);
    insert into destination_usage as u (destination_id, enterprise_id, month, calls, talk_seconds)
      select l.destination_id, l.enterprise_id, usage_month(c.started_at), count(*),
        sum(ceil(extract(epoch from l.ended_at - l.answered_at)))
      from call_legs l join calls c on c.id = l.call_id
      where l.call_id = any(newly_ended) and l.result = 'answered' and l.destination_id is not null
      group by 1, 2, 3 order by 1
      on conflict (destination_id, month) do update
        set calls = u.calls + excluded.calls, talk_seconds = u.talk_seconds + excluded.talk_seconds;
    with added as (
      insert into recordings (id, enterprise_id, call_id, node, spool_name)
        select r.id, r.enterprise_id, r.call_id, r.node, r.spool_name
        from json_populate_recordset(null::recordings, p->'recordings') r
        where r.call_id = any(newly_ended)
        on conflict (id) do nothing
        returning node)
    select array_agg(distinct node) into recorded_at from added;
    perform pg_notify('hotline_recordings', node) from unnest(recorded_at) node;
  end if;

  perform pg_notify('hotline_live', n) from json_array_elements_text(p->'notices') n;
end $$;

revoke execute on function open_call, claim_destination, write_ledger from public;
grant execute on function open_call, claim_destination, write_ledger to hotline_platform;
