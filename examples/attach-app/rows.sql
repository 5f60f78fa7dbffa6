-- Ages in hours, counted from now.
WITH seen (id, tenant, kind, phase, pinned, begun, ended) AS (VALUES
  (1, 7, 'preview', 1, false, 50, NULL),    -- stuck
  (2, 7, 'feature', 1, false, 50, NULL),    -- features may take a week
  (3, 7, 'preview', 1, true, 50, NULL),     -- pinned
  (4, 8, 'preview', 1, false, 50, NULL),    -- another tenant's
  (5, 7, 'preview', 1, false, 1, NULL),     -- its only lease is a reservation from an hour ago
  (6, 7, 'preview', 2, false, 30, 29),      -- has ended and still holds a machine
  (7, 7, 'preview', 2, false, 800, 799),    -- rendered 33 days ago
  (8, 7, 'preview', 4, false, 800, 799),    -- failed 33 days ago: failures are kept for longer
  (9, 7, 'preview', 3, false, 800, 799),    -- rendered 33 days ago, and its film is still there
  (10, 7, 'license', 1, false, 9000, NULL), -- a server that never ends
  (11, 7, 'preview', 0, false, NULL, NULL)
), now (ms) AS (SELECT (extract(epoch FROM statement_timestamp()) * 1000)::bigint)
INSERT INTO render.runs (id, tenant, kind, phase, pinned, begun_ms, ended_ms) OVERRIDING SYSTEM VALUE
SELECT id, tenant, kind, phase, pinned, coalesce(ms - begun * 3600000::bigint, 0), coalesce(ms - ended * 3600000::bigint, 0)
FROM seen, now;

WITH held (id, run, status, hours) AS (VALUES
  (1, 1, 20, 50), (2, 2, 20, 50), (3, 3, 20, 50), (4, 4, 20, 50), (5, 5, 10, 1), (6, 6, 20, 30), (7, 7, 30, 800),
  (10, 10, 20, 9000)
), now (ms) AS (SELECT (extract(epoch FROM statement_timestamp()) * 1000)::bigint)
INSERT INTO render.leases (id, run, machine, status, since_ms, until_ms)
SELECT ('00000000-0000-4000-8000-' || lpad(id::text, 12, '0'))::uuid, run, 'gpu-' || run, status, ms - hours * 3600000::bigint,
       CASE status WHEN 30 THEN ms - (hours - 1) * 3600000::bigint ELSE 0 END
FROM held, now;

INSERT INTO render.films (run) VALUES (9);
