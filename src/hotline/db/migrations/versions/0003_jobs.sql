-- Who may do what with jobs: the worker (platform role) all, tenants only queue, by a function that
-- writes their own enterprise into the job, whatever the caller says.

grant usage on schema jobs to hotline_platform;
grant select, insert, update, delete on all tables in schema jobs to hotline_platform;
grant usage, select on all sequences in schema jobs to hotline_platform;
revoke execute on all functions in schema jobs from public;
grant execute on all functions in schema jobs to hotline_platform;

-- Queue a job in the caller's transaction. With p_once nothing happens while a job of that name
-- still waits. Returns the job's number, or null.
create function enqueue_job(
  p_task text, p_args jsonb, p_queue text, p_priority int, p_lock text, p_once text, p_at timestamptz
) returns bigint language plpgsql security definer set search_path = jobs, pg_temp as $$
declare
  enterprise uuid := public.current_tenant();
begin
  if session_user = 'hotline_app' then
    if enterprise is null then
      raise insufficient_privilege using message = 'a job of no enterprise';
    end if;
    p_args := p_args || jsonb_build_object('enterprise_id', enterprise);
  end if;
  return (procrastinate_defer_jobs_v1(array[
    row(p_queue, p_task, p_priority, p_lock, p_once, p_args, p_at)::procrastinate_job_to_defer_v1]))[1];
exception
  when unique_violation then
    return null;
end $$;
revoke execute on function enqueue_job from public;
grant execute on function enqueue_job to hotline_app, hotline_platform;
