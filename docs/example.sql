-- The small cluster that the examples in docs/ and packages/*/README.md run on.
CREATE TABLE jobs (
  id         bigint PRIMARY KEY,
  name       text,
  state      text NOT NULL,
  start_time timestamptz,
  end_time   timestamptz,
  error_msg  text,
  exit_code  text
);
CREATE TABLE resource_allocations (
  id              bigint PRIMARY KEY,
  job_id          bigint NOT NULL REFERENCES jobs (id),
  status          text NOT NULL,
  allocation_time timestamptz,
  released_time   timestamptz
);

INSERT INTO jobs (id, name, state, start_time, end_time, exit_code) VALUES
  (1, 'report', 'COMPLETED', now() - interval '3 hours',    now() - interval '2 hours', '0:0'),
  (2, 'train',  'FAILED',    now() - interval '5 hours',    now() - interval '4 hours', '1:0'),
  (3, 'render', 'RUNNING',   now() - interval '20 minutes', NULL,                       NULL),
  (4, 'crawl',  'RUNNING',   now() - interval '3 days',     NULL,                       NULL),
  (5, 'index',  'RUNNING',   now() - interval '1 hour',     NULL,                       NULL),
  (6, 'import', 'COMPLETED', now() - interval '41 days',    now() - interval '40 days', '0:0'),
  (7, 'export', 'PENDING',   NULL,                          NULL,                       NULL);
INSERT INTO resource_allocations (id, job_id, status, allocation_time, released_time) VALUES
  (11, 1, 'ALLOCATED', now() - interval '3 hours',    NULL),
  (12, 2, 'RESERVED',  now() - interval '5 hours',    NULL),
  (13, 3, 'RESERVED',  now() - interval '20 minutes', NULL),
  (14, 4, 'ALLOCATED', now() - interval '3 days',     NULL),
  (15, 5, 'ALLOCATED', now() - interval '1 hour',     NULL),
  (16, 6, 'RELEASED',  now() - interval '41 days',    now() - interval '40 days');
