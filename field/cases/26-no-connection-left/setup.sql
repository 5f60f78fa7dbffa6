CREATE TABLE jobs (
  id bigint PRIMARY KEY, name text, state text NOT NULL, start_time timestamptz, end_time timestamptz, error_msg text,
  exit_code text
);
CREATE TABLE resource_allocations (
  id bigint PRIMARY KEY, job_id bigint NOT NULL REFERENCES jobs, status text NOT NULL, allocation_time timestamptz,
  released_time timestamptz
);
INSERT INTO jobs (id, name, state, end_time) VALUES (1, 'crawl', 'COMPLETED', now() - interval '1 day');
INSERT INTO resource_allocations (id, job_id, status, allocation_time) VALUES (11, 1, 'ALLOCATED', now() - interval '2 days');
