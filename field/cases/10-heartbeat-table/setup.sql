CREATE TABLE trials (
  trial_id int PRIMARY KEY AUTO_INCREMENT, number int, study_id int,
  state enum('RUNNING', 'COMPLETE', 'PRUNED', 'FAIL', 'WAITING') NOT NULL,
  datetime_start datetime(6), datetime_complete datetime(6)
);
CREATE TABLE trial_heartbeats (
  trial_heartbeat_id int PRIMARY KEY AUTO_INCREMENT, trial_id int NOT NULL UNIQUE, heartbeat datetime(6) NOT NULL,
  FOREIGN KEY (trial_id) REFERENCES trials (trial_id)
);
SET @now = utc_timestamp(6);
INSERT INTO trials (number, study_id, state, datetime_start) VALUES
  (0, 1, 'RUNNING', @now - INTERVAL 4 HOUR), -- the batch system killed its worker
  (1, 1, 'RUNNING', @now - INTERVAL 4 HOUR); -- alive
INSERT INTO trial_heartbeats (trial_id, heartbeat) VALUES
  (1, @now - INTERVAL 3 HOUR), (2, @now - INTERVAL 10 SECOND);
