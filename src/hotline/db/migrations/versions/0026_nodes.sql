-- The processes of the site: the roles that each plays and what it last said of itself. One that
-- is stopped in order takes its row away; one that dies leaves it, and is seen to be silent.

create table nodes (
  node text not null,
  roles text[] not null check (cardinality(roles) > 0 and roles <@ array['api', 'switch', 'worker']),
  host text not null,                                -- the machine's name
  version text not null,                             -- of Hotline
  started_at timestamptz not null,
  seen_at timestamptz not null default now(),        -- by the database's clock: machines' own differ
  load_1m real not null,                             -- processes that want a processor
  processors int not null,
  disk_free bigint not null,                         -- bytes, where the state folder is
  disk_total bigint not null,
  switch_connected boolean,                          -- null: it commands none
  switch_version text,                               -- null: not known yet
  switch_started_at timestamptz,
  primary key (node, host, roles)
);
grant select, insert, update, delete on nodes to hotline_platform;
