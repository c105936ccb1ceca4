-- An extension is dialled, so within an enterprise it is one agent's or one queue's.

create function refuse_taken_extension() returns trigger language plpgsql as $$
declare taken boolean;
begin
  if new.extension is null then
    return new;
  end if;
  -- Two who want the same one at once: the second sees what the first has written.
  perform pg_advisory_xact_lock(hashtextextended('extensions ' || new.enterprise_id, 0));
  if tg_table_name = 'agents' then
    taken := exists (select from queues q
      where q.enterprise_id = new.enterprise_id and q.extension = new.extension);
  else
    taken := exists (select from agents a
      where a.enterprise_id = new.enterprise_id and a.extension = new.extension);
  end if;
  if taken then
    raise exception 'extension % is taken', new.extension
      using errcode = 'unique_violation', constraint = 'extensions_once';
  end if;
  return new;
end
$$;

create trigger refuse_taken_extension before insert or update of extension on agents
  for each row execute function refuse_taken_extension();
create trigger refuse_taken_extension before insert or update of extension on queues
  for each row execute function refuse_taken_extension();
