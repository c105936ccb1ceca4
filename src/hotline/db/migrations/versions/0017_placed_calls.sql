-- Calls that agents place: asked of whichever controller is alive.

-- The node that shall place a call; null: none is alive. Tenants do not see controllers.
create function send_place_command(p_id uuid, p_enterprise uuid, p_call uuid, p_agent uuid, p_user uuid, p_arguments jsonb)
returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare
  chosen text;
begin
  if p_enterprise is distinct from current_tenant() then
    return null;
  end if;
  select node into chosen from controllers where seen_at > now() - interval '30 seconds' order by random() limit 1;
  if chosen is null then
    return null;
  end if;
  insert into call_commands (id, enterprise_id, call_id, node, agent_id, issued_by, verb, arguments)
    values (p_id, p_enterprise, p_call, chosen, p_agent, p_user, 'place', p_arguments);
  perform pg_notify('hotline_commands', chosen || ' ' || p_id);
  return chosen;
end $$;
revoke execute on function send_place_command from public;
grant execute on function send_place_command to hotline_app;

-- The row of a call that an agent places: it is there from the first moment, for whoever looks.
create function open_placed_call(p json) returns void language sql as $$
  insert into calls (id, enterprise_id, hotline_id, dialled, caller, caller_raw, province, city, caller_carrier,
      trunk, node, channel_id, admitted, started_at, direction, agent_id)
    select c.id, c.enterprise_id, c.hotline_id, c.dialled, c.caller, c.caller_raw, c.province, c.city,
      c.caller_carrier, c.trunk, c.node, c.channel_id, false, c.started_at, c.direction, c.agent_id
    from json_populate_record(null::calls, p) c
    on conflict (id) do nothing
$$;
revoke execute on function open_placed_call from public;
grant execute on function open_placed_call to hotline_platform;
