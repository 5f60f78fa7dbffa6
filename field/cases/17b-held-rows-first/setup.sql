CREATE TABLE jobs (
  id bigint PRIMARY KEY, name text, state text NOT NULL, start_time timestamptz, end_time timestamptz, error_msg text,
  exit_code text
);
CREATE TABLE resource_allocations (
  id bigint PRIMARY KEY, job_id bigint NOT NULL REFERENCES jobs, status text NOT NULL, allocation_time timestamptz,
  released_time timestamptz
);
CREATE INDEX ON resource_allocations (job_id);
CREATE INDEX ON jobs (end_time, id) WHERE state IN ('COMPLETED', 'FAILED', 'CANCELLED');
-- The oldest 120 hold an allocation of a status that nobody mapped, the 500 behind them are free to go, 800 are young.
INSERT INTO jobs (id, name, state, end_time)
SELECT n, 'user', 'COMPLETED', now() - interval '100 days' + n * interval '1 second' FROM generate_series(1, 120) AS n;
INSERT INTO jobs (id, name, state, end_time)
SELECT n, 'user', 'COMPLETED', now() - interval '60 days' + n * interval '1 second' FROM generate_series(121, 620) AS n;
INSERT INTO jobs (id, name, state, end_time)
SELECT n, 'user', 'COMPLETED', now() - interval '1 day' FROM generate_series(621, 1420) AS n;
INSERT INTO resource_allocations (id, job_id, status, allocation_time)
SELECT n, n, 'LEAKED', now() - interval '100 days' FROM generate_series(1, 120) AS n;
