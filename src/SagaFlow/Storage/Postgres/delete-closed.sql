-- Deletes workflows that closed more than 90 days ago, with everything that is kept about them: at most 10,000 each time it runs.
-- Engines may run meanwhile. What still has to be sent for such a workflow is sent; an answer that comes later is put aside.
--
--   psql -v ON_ERROR_STOP=1 -f delete-closed.sql "host=... dbname=..."

with closed as (
    select id from sagaflow.workflow
    where status <> 'Running' and closed_at < sagaflow.now() - interval '90 days'
    order by closed_at limit 10000
    for update skip locked),
activities as (delete from sagaflow.activity row using closed where row.workflow_id = closed.id),
groups as (delete from sagaflow.activity_group row using closed where row.workflow_id = closed.id),
events as (delete from sagaflow.history row using closed where row.workflow_id = closed.id),
messages as (delete from sagaflow.inbox row using closed where row.workflow_id = closed.id),
kept as (delete from sagaflow.kept_message row using closed where row.workflow_id = closed.id),
timers as (delete from sagaflow.timer row using closed where row.workflow_id = closed.id)
delete from sagaflow.workflow row using closed where row.id = closed.id;
