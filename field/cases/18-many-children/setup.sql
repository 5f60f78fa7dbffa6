CREATE TABLE jobs (
  id bigint PRIMARY KEY, name text, state text NOT NULL, start_time timestamptz, end_time timestamptz, error_msg text,
  exit_code text
);
CREATE TABLE resource_allocations (
  id bigint PRIMARY KEY, job_id bigint NOT NULL, status text NOT NULL, allocation_time timestamptz,
  released_time timestamptz
);
-- 400 old jobs with 1000 released allocations each, and some that are young.
INSERT INTO jobs (id, name, state, end_time)
SELECT n, 'process', 'COMPLETED', now() - CASE WHEN n <= 400 THEN interval '60 days' ELSE interval '1 hour' END
FROM generate_series(1, 1000) AS n;
INSERT INTO resource_allocations
SELECT n, 1 + n % 400, 'RELEASED', now() - interval '90 days', now() - interval '60 days' FROM generate_series(1, 400000) AS n;
ALTER TABLE resource_allocations ADD FOREIGN KEY (job_id) REFERENCES jobs;
CREATE INDEX ON resource_allocations (job_id);
-- How many allocations each transaction deletes.
CREATE TABLE deleted (transaction bigint, rows bigint);
CREATE FUNCTION count_deleted() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO deleted SELECT txid_current(), count(*) FROM gone; RETURN NULL; END';
CREATE TRIGGER count_deleted AFTER DELETE ON resource_allocations REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION count_deleted();
