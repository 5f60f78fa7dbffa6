CREATE TABLE jobs (
  id bigint PRIMARY KEY, name text, state text NOT NULL, start_time timestamptz, end_time timestamptz, error_msg text,
  exit_code text
);
CREATE TABLE resource_allocations (
  id bigint PRIMARY KEY, job_id bigint NOT NULL REFERENCES jobs, status text NOT NULL, allocation_time timestamptz,
  released_time timestamptz
);
CREATE TABLE requests (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, job_id bigint NOT NULL REFERENCES jobs, status text
);
CREATE INDEX ON resource_allocations (job_id);
CREATE INDEX ON requests (job_id);
CREATE INDEX ON jobs (end_time, id) WHERE state IN ('COMPLETED', 'FAILED', 'CANCELLED');
-- The oldest 120 have a request of another subsystem, the 500 behind them are free to go, 800 are young.
INSERT INTO jobs (id, name, state, end_time)
SELECT n, 'user', 'COMPLETED', now() - interval '100 days' + n * interval '1 second' FROM generate_series(1, 120) AS n;
INSERT INTO jobs (id, name, state, end_time)
SELECT n, 'user', 'COMPLETED', now() - interval '60 days' + n * interval '1 second' FROM generate_series(121, 620) AS n;
INSERT INTO jobs (id, name, state, end_time)
SELECT n, 'user', 'COMPLETED', now() - interval '1 day' FROM generate_series(621, 1420) AS n;
INSERT INTO requests (job_id, status) SELECT n, 'Waiting' FROM generate_series(1, 120) AS n;
