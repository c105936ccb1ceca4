-- Carriers and SIP accounts, what the switch reads of them, and where it keeps who is registered.

create table carriers (
  id uuid primary key,
  name text not null unique check (name ~ '^[a-z][a-z0-9-]{1,30}$'),   -- the SIP endpoint's name
  title text not null default '',
  kind text not null check (kind in ('address', 'registration')),
  host text not null,
  port int not null default 5060 check (port between 1 and 65535),
  transport text not null default 'udp' check (transport in ('udp', 'tcp')),
  username text,
  secret text,
  match_addresses text[] not null default '{}',      -- who may send us calls; empty: the host
  position int not null default 0,                   -- order in which outgoing calls try them
  enabled boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Some carriers refuse a call whose From is not the account they gave us.
  from_user text check (from_user ~ '^[A-Za-z0-9._+~-]{1,64}$'),
  check ((kind = 'registration') = (username is not null and secret is not null) or kind = 'address')
);
grant select, insert, update, delete on carriers to hotline_platform;
create trigger set_updated_at before update on carriers for each row execute function set_updated_at();

create table carrier_health (
  carrier_id uuid not null references carriers on delete cascade,
  node text not null,
  reachable boolean not null,
  checked_at timestamptz not null,
  primary key (carrier_id, node)
);
grant select, insert, update, delete on carrier_health to hotline_platform;

create table sip_accounts (
  id uuid primary key,
  enterprise_id uuid not null references enterprises,
  account text not null unique check (account ~ '^[a-z0-9][a-z0-9._-]{1,60}$'),
  secret text not null,
  display_name text not null default '',
  webrtc boolean not null default false,
  enabled boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  agent_id uuid,
  constraint sip_accounts_agent_id foreign key (enterprise_id, agent_id) references agents (enterprise_id, id) on delete cascade
);
create index on sip_accounts (enterprise_id);
create index on sip_accounts (agent_id);
select protect_tenant_table('sip_accounts');
create trigger set_updated_at before update on sip_accounts for each row execute function set_updated_at();

-- ------------------------------------------------------------ one name, one endpoint

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

-- ------------------------------------------------------------ what the switch reads

-- SIP accounts as Asterisk's realtime wants to read them. The names of views and columns are
-- Asterisk's. An account that is added, changed or switched off counts from the next request on.
-- The views run with the rights of the role hotline_switch, which reads enabled accounts only.

create policy switch on sip_accounts for select to hotline_switch using (enabled);
grant select (account, enterprise_id, secret, display_name, webrtc, enabled) on sip_accounts to hotline_switch;

create view ps_endpoints with (security_invoker = true) as
select
  account as id,
  account as aors,
  account as auth,
  'from-account' as context,
  'all' as disallow,
  case when webrtc then 'opus,alaw,ulaw' else 'alaw,ulaw,g722' end as allow,
  case when webrtc then 'yes' else 'no' end as webrtc,
  case when webrtc then 'yes' else 'no' end as dtls_auto_generate_cert,
  -- Its display name could carry quotes or angle brackets into the header.
  regexp_replace(display_name, '["<>\\;,[:cntrl:]]', '', 'g') || ' <' || account || '>' as callerid,
  enterprise_id::text as accountcode,
  'auto_info' as dtmf_mode,
  'no' as direct_media,
  'yes' as force_rport,
  'yes' as rewrite_contact,
  'yes' as rtp_symmetric,
  'no' as allow_subscribe,
  'no' as allow_transfer,
  'no' as trust_id_inbound,
  'zh' as language,
  'cn' as tone_zone,
  60 as rtp_timeout,
  900 as rtp_timeout_hold,
  'yes' as timers,
  1800 as timers_sess_expires
from sip_accounts where enabled;

create view ps_auths with (security_invoker = true) as
select account as id, 'userpass' as auth_type, account as username, secret as password
from sip_accounts where enabled;

create view ps_aors with (security_invoker = true) as
select
  account as id,
  3 as max_contacts,
  'yes' as remove_existing,
  'yes' as remove_unavailable,
  60 as qualify_frequency,
  300 as default_expiration,
  60 as minimum_expiration,
  3600 as maximum_expiration,
  'yes' as support_path
from sip_accounts where enabled;

grant select on ps_endpoints, ps_auths, ps_aors to hotline_switch;

-- Who is registered, from where. Written by the switch alone; rows of the past go with their expiry.
create table ps_contacts (
  id text primary key,
  uri text,
  expiration_time bigint,
  qualify_frequency int,
  qualify_timeout double precision,
  qualify_2xx_only text,
  authenticate_qualify text,
  outbound_proxy text,
  path text,
  user_agent text,
  endpoint text,
  reg_server text,
  via_addr text,
  via_port int,
  call_id text,
  prune_on_boot text
);
create index on ps_contacts (endpoint);
create index on ps_contacts (qualify_frequency, expiration_time);
grant select, insert, update, delete on ps_contacts to hotline_switch;
grant select, delete on ps_contacts to hotline_platform;

-- A registration made with a password that holds no longer, or of an account that is no more, is
-- dropped at once. It runs with the owner's rights: tenants see no registrations.
create function drop_registrations() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'DELETE' or not new.enabled or new.secret <> old.secret then
    delete from public.ps_contacts where endpoint = old.account;
  end if;
  return null;
end $$;
revoke execute on function drop_registrations from public;
create trigger drop_registrations after delete or update of enabled, secret on sip_accounts
  for each row execute function drop_registrations();
