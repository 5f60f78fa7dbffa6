CREATE TABLE QRTZ_TRIGGERS (
  SCHED_NAME varchar(120) NOT NULL, TRIGGER_NAME varchar(190) NOT NULL, TRIGGER_GROUP varchar(190) NOT NULL,
  JOB_NAME varchar(190) NOT NULL, NEXT_FIRE_TIME bigint, PREV_FIRE_TIME bigint, TRIGGER_STATE varchar(16) NOT NULL,
  TRIGGER_TYPE varchar(8) NOT NULL, START_TIME bigint NOT NULL, END_TIME bigint,
  PRIMARY KEY (SCHED_NAME, TRIGGER_NAME, TRIGGER_GROUP)
);
CREATE TABLE QRTZ_FIRED_TRIGGERS (
  SCHED_NAME varchar(120) NOT NULL, ENTRY_ID varchar(95) NOT NULL, TRIGGER_NAME varchar(190) NOT NULL,
  TRIGGER_GROUP varchar(190) NOT NULL, STATE varchar(16) NOT NULL, PRIMARY KEY (SCHED_NAME, ENTRY_ID)
);
SET @now = unix_timestamp() * 1000, @frozen = (unix_timestamp() - 300 * 86400) * 1000, @begin = 1600000000000;
INSERT INTO QRTZ_TRIGGERS VALUES
  ('app', 'every-30s', 'G', 'poll', @frozen, @frozen - 30000, 'ACQUIRED', 'SIMPLE', @begin, 0), -- frozen ten months ago
  ('app', 'hourly', 'G', 'report', @frozen, @frozen - 3600000, 'BLOCKED', 'CRON', @begin, 0), -- the same
  ('app', 'long', 'G', 'import', @now - 2 * 86400000, @now - 3 * 86400000, 'BLOCKED', 'CRON', @begin, 0), -- its job runs
  ('app', 'ok', 'G', 'mail', @now + 60000, @now - 60000, 'WAITING', 'CRON', @begin, 0);
INSERT INTO QRTZ_FIRED_TRIGGERS VALUES ('app', 'e1', 'long', 'G', 'EXECUTING');
