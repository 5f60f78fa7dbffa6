CREATE TABLE execution_entity (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, finished boolean NOT NULL, mode varchar NOT NULL, "retryOf" varchar,
  "startedAt" timestamptz(3), "stoppedAt" timestamptz(3), "waitTill" timestamptz(3), status varchar NOT NULL,
  "workflowId" varchar(36) NOT NULL, "deletedAt" timestamptz(3), "createdAt" timestamptz(3) NOT NULL DEFAULT now()
);
CREATE TABLE execution_data (
  "executionId" int PRIMARY KEY REFERENCES execution_entity ON DELETE CASCADE, data text NOT NULL
);
CREATE TABLE execution_annotations (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "executionId" int NOT NULL UNIQUE REFERENCES execution_entity ON DELETE CASCADE, note text
);
INSERT INTO execution_entity (finished, mode, "startedAt", "stoppedAt", "waitTill", status, "workflowId") VALUES
  (false, 'integrated', now() - interval '2 days', NULL, NULL, 'new', 'kVVi'), -- 1, 2: sub-workflows that had begun
  (false, 'integrated', now() - interval '2 days', NULL, NULL, 'new', 'bjGe'),
  (false, 'trigger', now() - interval '2 days', NULL, NULL, 'running', 'bjGe'), -- 3: the one that called them
  (false, 'trigger', now() - interval '3 days', NULL, now() + interval '4 days', 'waiting', 'wait'), -- 4: sleeps
  (false, 'trigger', now() - interval '1 minute', NULL, NULL, 'running', 'bjGe'), -- 5: alive
  (true, 'trigger', now() - interval '20 days', now() - interval '20 days', NULL, 'success', 'bjGe'), -- 6: past 14 days
  (true, 'trigger', now() - interval '20 days', now() - interval '20 days', NULL, 'success', 'bjGe'), -- 7: annotated
  (false, 'webhook', NULL, NULL, NULL, 'new', 'slow'); -- 8: queued half a year ago, never begun
UPDATE execution_entity SET "createdAt" = coalesce("startedAt", now() - interval '180 days');
INSERT INTO execution_data SELECT id, '{}' FROM execution_entity;
INSERT INTO execution_annotations ("executionId", note) VALUES (7, 'keep: incident');
