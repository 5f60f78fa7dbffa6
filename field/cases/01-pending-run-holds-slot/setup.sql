CREATE TABLE flow_run (
  id bigint PRIMARY KEY, name text NOT NULL, state_type text NOT NULL,
  created timestamptz NOT NULL DEFAULT now(), start_time timestamptz, end_time timestamptz, message text
);
CREATE TABLE concurrency_slot (
  id bigint PRIMARY KEY, flow_run_id bigint NOT NULL REFERENCES flow_run, status text NOT NULL,
  taken_at timestamptz, given_back_at timestamptz
);
INSERT INTO flow_run (id, name, state_type, created, start_time, end_time) VALUES
  (1, 'clean-up-deadlocks', 'PENDING', now() - interval '20 days', NULL, NULL), -- its worker died while it submitted it
  (2, 'git-sync', 'PENDING', now() - interval '30 seconds', NULL, NULL), -- is being submitted
  (3, 'git-sync', 'RUNNING', now() - interval '5 minutes', now() - interval '4 minutes', NULL),
  (4, 'clean-up-deadlocks', 'CANCELLED', now() - interval '1 hour', NULL, now() - interval '1 hour'),
  (5, 'report', 'SCHEDULED', now() - interval '1 hour', NULL, NULL);
INSERT INTO concurrency_slot (id, flow_run_id, status, taken_at) VALUES
  (11, 1, 'RESERVED', now() - interval '20 days'),
  (12, 2, 'RESERVED', now() - interval '30 seconds'),
  (13, 3, 'ALLOCATED', now() - interval '4 minutes');
