-- Call engines keep an enterprise's settings in memory and compare their version at every call, so
-- that a change holds for the very next one. Here stands which tables count as settings.

create table settings_versions (
  enterprise_id uuid primary key references enterprises on delete cascade,
  version bigint not null
);
select protect_tenant_table('settings_versions', 'select, insert, update');

create function bump_settings_version() returns trigger language plpgsql as $$
begin
  insert into settings_versions as v (enterprise_id, version)
    select distinct enterprise_id, 1 from changed order by enterprise_id
    on conflict (enterprise_id) do update set version = v.version + 1;
  return null;
end $$;

create function bump_settings_version_of_row() returns trigger language plpgsql as $$
begin
  insert into settings_versions as v (enterprise_id, version) values (new.enterprise_id, 1)
    on conflict (enterprise_id) do update set version = v.version + 1;
  return null;
end $$;

do $$
declare name text;
begin
  foreach name in array array['hotlines', 'destinations', 'forwarding_groups', 'forwarding_members', 'schedules',
    'prompts', 'screening_entries', 'blocked_areas', 'agents', 'agent_skills', 'voicemail_boxes', 'surveys',
    'survey_questions'] loop
    execute format('create trigger bump_on_insert after insert on %I referencing new table as changed
      for each statement execute function bump_settings_version()', name);
    execute format('create trigger bump_on_delete after delete on %I referencing old table as changed
      for each statement execute function bump_settings_version()', name);
    -- Members' turns change with every call and are no settings.
    if name <> 'forwarding_members' then
      execute format('create trigger bump_on_update after update on %I referencing new table as changed
        for each statement execute function bump_settings_version()', name);
    end if;
  end loop;
end $$;

create trigger bump_on_update after update of position, group_id, destination_id on forwarding_members
  for each row execute function bump_settings_version_of_row();

-- Drafts are edited all the time and are no settings.
create trigger bump_on_update after update of published_version on flows
  for each row execute function bump_settings_version_of_row();
create trigger bump_on_delete after delete on flows referencing old table as changed
  for each statement execute function bump_settings_version();
