-- As in version 14, but for the time without audio after which a browser's talk is ended.
create or replace view ps_endpoints with (security_invoker = true) as
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
  -- A browser sends audio all the time, also of who is silent or muted: without any it is gone, and
  -- the customer hears nothing. Telephones may save silence.
  case when webrtc then 20 else 60 end as rtp_timeout,
  900 as rtp_timeout_hold,
  'yes' as timers,
  1800 as timers_sess_expires
from sip_accounts where enabled;
