-- Calls by which somebody has called back who had left a message.

create table voicemail_callbacks (
  call_id uuid primary key,
  enterprise_id uuid not null references enterprises,
  message_id uuid not null references voicemail_messages on delete cascade,
  agent_id uuid not null,                            -- who called; stays when the agent is removed
  at timestamptz not null default now()
);
create index on voicemail_callbacks (message_id, at);
select protect_tenant_table('voicemail_callbacks', 'select, insert, delete');
