-- Calls that take nothing scarce begin by a statement of their own, many at once; what is left for
-- begin_call() is a line of a limited hotline, a turn or a cap.
drop function begin_call;

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

revoke execute on function begin_call from public;
grant execute on function begin_call to hotline_platform;
