-- Calls that agents place: asked of whichever controller is alive.

-- A command without a node is for whichever takes it first.
create function send_place_command(p_id uuid, p_enterprise uuid, p_call uuid, p_agent uuid, p_user uuid, p_arguments jsonb)
returns void language plpgsql as $$
begin
  insert into call_commands (id, enterprise_id, call_id, node, agent_id, issued_by, verb, arguments)
    values (p_id, p_enterprise, p_call, '', p_agent, p_user, 'place', p_arguments);
  perform pg_notify('hotline_commands', ' ' || p_id);
end $$;

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
