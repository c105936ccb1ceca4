-- Callers rate the talk after an agent of the queue has hung up.
alter table queues add column survey_id uuid;
alter table queues add constraint queues_survey_id
  foreign key (enterprise_id, survey_id) references surveys (enterprise_id, id);
