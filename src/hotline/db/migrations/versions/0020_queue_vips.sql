-- Callers on a queue's own list of VIPs come before others and are shown as such.

alter table queues
  add column vip_list_id uuid,                       -- null: nobody
  add column vip_priority int not null default 5 check (vip_priority between 1 and 10),
  add constraint queues_vip_list_id foreign key (enterprise_id, vip_list_id)
    references caller_lists (enterprise_id, id);
