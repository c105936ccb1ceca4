-- Every number that the operator has: those that wait for an enterprise, and those that one has.

create table number_stock (
  id uuid primary key,
  number text not null unique check (number ~ '^[0-9]{3,15}$'),
  note text not null default '' check (length(note) <= 200),   -- whose it is, what it costs
  created_at timestamptz not null default now()
);
create index on number_stock (created_at, id);
grant select, insert, update, delete on number_stock to hotline_platform;

-- An assigned number is the operator's as well, however it came to be assigned. It runs with the
-- owner's rights: assigning is done in an enterprise's scope, which sees nothing of the platform.
create function keep_number_in_stock() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into public.number_stock (id, number) values (gen_random_uuid(), new.number)
    on conflict (number) do nothing;
  return null;
end $$;
revoke execute on function keep_number_in_stock from public;
create trigger keep_number_in_stock after insert or update of number on hotlines
  for each row execute function keep_number_in_stock();
insert into number_stock (id, number, created_at)
  select gen_random_uuid(), number, created_at from hotlines;
