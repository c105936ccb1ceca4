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
