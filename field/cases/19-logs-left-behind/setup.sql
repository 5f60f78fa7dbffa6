CREATE TABLE wp_actionscheduler_actions (
  action_id bigint unsigned PRIMARY KEY AUTO_INCREMENT, hook varchar(191) NOT NULL, status varchar(20) NOT NULL,
  scheduled_date_gmt datetime, last_attempt_gmt datetime, claim_id bigint unsigned NOT NULL DEFAULT 0,
  KEY (status, last_attempt_gmt)
);
CREATE TABLE wp_actionscheduler_logs (
  log_id bigint unsigned PRIMARY KEY AUTO_INCREMENT, action_id bigint unsigned NOT NULL, message text NOT NULL,
  log_date_gmt datetime, KEY (action_id)
);
SET @now = utc_timestamp(), @old = utc_timestamp() - INTERVAL 40 DAY;
INSERT INTO wp_actionscheduler_actions (hook, status, scheduled_date_gmt, last_attempt_gmt)
SELECT 'sync', 'complete', @old, @old FROM seq_1_to_1000;
INSERT INTO wp_actionscheduler_actions (hook, status, scheduled_date_gmt, last_attempt_gmt)
SELECT 'sync', 'complete', @now, @now FROM seq_1_to_2000;
-- Twenty for each old action and one for each young one, tied by a number alone.
INSERT INTO wp_actionscheduler_logs (action_id, message, log_date_gmt)
SELECT 1 + seq % 1000, 'action complete via Async Request', @old FROM seq_1_to_20000;
INSERT INTO wp_actionscheduler_logs (action_id, message, log_date_gmt)
SELECT action_id, 'action complete via Async Request', @now FROM wp_actionscheduler_actions WHERE last_attempt_gmt = @now;
