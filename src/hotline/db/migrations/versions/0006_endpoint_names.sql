-- Carriers and SIP accounts are endpoints of the same switch, which would take one for the other if
-- they had the same name. Each name stands here once, whoever has it.

create table sip_endpoint_names (
  name text constraint sip_endpoint_names_once primary key
);
revoke all on sip_endpoint_names from public;

-- Its argument is the column that holds the name. It runs with the owner's rights: nobody else
-- writes here.
create function keep_endpoint_name() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    delete from public.sip_endpoint_names where name = to_jsonb(old) ->> tg_argv[0];
  end if;
  if tg_op <> 'DELETE' then
    insert into public.sip_endpoint_names (name) values (to_jsonb(new) ->> tg_argv[0]);
  end if;
  return null;
end $$;
revoke execute on function keep_endpoint_name from public;

create trigger keep_endpoint_name after insert or delete or update of name on carriers
  for each row execute function keep_endpoint_name('name');
create trigger keep_endpoint_name after insert or delete or update of account on sip_accounts
  for each row execute function keep_endpoint_name('account');
insert into sip_endpoint_names (name) select name from carriers union all select account from sip_accounts;
