CREATE TABLE jms_jobs (
  id bigint PRIMARY KEY AUTO_INCREMENT, state varchar(15) NOT NULL, command varchar(255) NOT NULL,
  createdAt datetime NOT NULL, startedAt datetime, closedAt datetime, workerName varchar(50),
  output longtext, errorOutput longtext, exitCode smallint, originalJob_id bigint,
  KEY (originalJob_id), CONSTRAINT fk_original FOREIGN KEY (originalJob_id) REFERENCES jms_jobs (id)
);
SET @now = utc_timestamp();
-- A hundredth of what the report counts: 1792415 finished, 3323 failed, 6 canceled, 7 incomplete, 8 pending, 18 running.
INSERT INTO jms_jobs (state, command, createdAt, startedAt, closedAt)
SELECT 'finished', 'app:work', t, t, t + INTERVAL 1 MINUTE
FROM (SELECT @now - INTERVAL 1440 + 2 * seq MINUTE AS t FROM seq_1_to_14395) AS young;
INSERT INTO jms_jobs (state, command, createdAt, startedAt, closedAt)
SELECT 'finished', 'app:work', t, t, t + INTERVAL 1 MINUTE
FROM (SELECT @now - INTERVAL 31 * 1440 + 2 * seq MINUTE AS t FROM seq_1_to_3496) AS old;
INSERT INTO jms_jobs (state, command, createdAt, startedAt, closedAt)
SELECT 'failed', 'app:work', t, t, t + INTERVAL 1 MINUTE FROM (SELECT @now - INTERVAL 45 DAY AS t FROM seq_1_to_33) AS failed;
-- A retry points at the job that it retries.
INSERT INTO jms_jobs (state, command, createdAt, startedAt, closedAt, originalJob_id)
SELECT 'finished', 'app:work', closedAt, closedAt, closedAt + INTERVAL 1 MINUTE, id FROM jms_jobs WHERE state = 'failed';
INSERT INTO jms_jobs (state, command, createdAt, workerName)
SELECT 'pending', 'app:mail', @now - INTERVAL 35 DAY, 'worker-3' FROM seq_1_to_8;
INSERT INTO jms_jobs (state, command, createdAt)
SELECT 'incomplete', 'app:work', @now - INTERVAL 50 DAY FROM seq_1_to_7;
INSERT INTO jms_jobs (state, command, createdAt, closedAt)
SELECT 'canceled', 'app:work', @now - INTERVAL 60 DAY, @now - INTERVAL 60 DAY FROM seq_1_to_6;
INSERT INTO jms_jobs (state, command, createdAt, startedAt, workerName)
SELECT 'running', 'app:work', @now - INTERVAL 1 HOUR, @now - INTERVAL 1 HOUR, 'worker-1' FROM seq_1_to_18;
