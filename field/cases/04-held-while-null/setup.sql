CREATE TABLE kernels (
  id uuid PRIMARY KEY, name text, status text NOT NULL, starts_at timestamptz, terminated_at timestamptz, status_info text
);
CREATE TABLE agent_resources (
  agent_id text, slot_name text, capacity numeric(24, 6) NOT NULL, used numeric(24, 6) NOT NULL DEFAULT 0,
  PRIMARY KEY (agent_id, slot_name)
);
CREATE TABLE resource_allocations (
  kernel_id uuid NOT NULL REFERENCES kernels ON DELETE CASCADE, slot_name text NOT NULL, requested numeric(24, 6) NOT NULL,
  used numeric(24, 6), created_at timestamptz NOT NULL DEFAULT now(), used_at timestamptz, free_at timestamptz,
  PRIMARY KEY (kernel_id, slot_name)
);
CREATE INDEX ra_occupied ON resource_allocations (kernel_id, slot_name) WHERE free_at IS NULL;
INSERT INTO kernels VALUES
  ('00000000-0000-0000-0000-00000000000a', 'train', 'TERMINATED', now() - interval '2 days', now() - interval '1 day'),
  ('00000000-0000-0000-0000-00000000000b', 'queue', 'CANCELLED', NULL, now() - interval '1 day'),
  ('00000000-0000-0000-0000-00000000000c', 'infer', 'RUNNING', now() - interval '1 hour', NULL);
INSERT INTO resource_allocations (kernel_id, slot_name, requested, used, used_at)
SELECT id, slot, amount, amount, coalesce(starts_at, now() - interval '2 days')
FROM kernels, (VALUES ('cpu', 4), ('mem', 16), ('cuda.device', 1)) AS slots (slot, amount);
-- What the agent has in use: three kernels of each.
INSERT INTO agent_resources VALUES
  ('agent-1', 'cpu', 64, 12), ('agent-1', 'mem', 256, 48), ('agent-1', 'cuda.device', 8, 3);
