-- Some carriers refuse a call whose From is not the account they gave us.
alter table carriers add column from_user text check (from_user ~ '^[A-Za-z0-9._+~-]{1,64}$');
