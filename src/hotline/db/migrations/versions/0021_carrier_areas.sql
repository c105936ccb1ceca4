-- Carriers hand over callers of their own city by the local number alone.

alter table carriers
  add column area_code text check (area_code ~ '^0[1-9][0-9]{1,2}$');   -- 长途区号 of that city; null: none
