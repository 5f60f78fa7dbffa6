CREATE TABLE jms_jobs (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state varchar(15) NOT NULL, command varchar(255) NOT NULL,
  "createdAt" timestamp(0) NOT NULL, "startedAt" timestamp(0), "closedAt" timestamp(0), "workerName" varchar(50),
  output text, "errorOutput" text, "exitCode" smallint, "originalJob_id" bigint REFERENCES jms_jobs
);
CREATE INDEX ON jms_jobs ("originalJob_id");
CREATE VIEW utc AS SELECT now() AT TIME ZONE 'UTC' AS now;
-- A hundredth of what the report counts: 1792415 finished, 3323 failed, 6 canceled, 7 incomplete, 8 pending, 18 running.
INSERT INTO jms_jobs (state, command, "createdAt", "startedAt", "closedAt")
SELECT 'finished', 'app:work', t, t, t + interval '1 minute'
FROM (SELECT now - interval '1 day' - n * interval '2 minutes' AS t FROM utc, generate_series(1, 14395) AS n) AS young;
INSERT INTO jms_jobs (state, command, "createdAt", "startedAt", "closedAt")
SELECT 'finished', 'app:work', t, t, t + interval '1 minute'
FROM (SELECT now - interval '31 days' - n * interval '2 minutes' AS t FROM utc, generate_series(1, 3496) AS n) AS old;
INSERT INTO jms_jobs (state, command, "createdAt", "startedAt", "closedAt")
SELECT 'failed', 'app:work', t, t, t + interval '1 minute'
FROM (SELECT now - interval '45 days' AS t FROM utc, generate_series(1, 33)) AS failed;
-- A retry points at the job that it retries.
INSERT INTO jms_jobs (state, command, "createdAt", "startedAt", "closedAt", "originalJob_id")
SELECT 'finished', 'app:work', "closedAt", "closedAt", "closedAt" + interval '1 minute', id FROM jms_jobs WHERE state = 'failed';
INSERT INTO jms_jobs (state, command, "createdAt", "workerName")
SELECT 'pending', 'app:mail', now - interval '35 days', 'worker-3' FROM utc, generate_series(1, 8);
INSERT INTO jms_jobs (state, command, "createdAt")
SELECT 'incomplete', 'app:work', now - interval '50 days' FROM utc, generate_series(1, 7);
INSERT INTO jms_jobs (state, command, "createdAt", "closedAt")
SELECT 'canceled', 'app:work', now - interval '60 days', now - interval '60 days' FROM utc, generate_series(1, 6);
INSERT INTO jms_jobs (state, command, "createdAt", "startedAt", "workerName")
SELECT 'running', 'app:work', now - interval '1 hour', now - interval '1 hour', 'worker-1' FROM utc, generate_series(1, 18);
