-- Jobs as slurmdbd leaves them: epoch seconds with 0 for "not yet", numbers for states.
SET SESSION sql_mode = 'ANSI_QUOTES,NO_ENGINE_SUBSTITUTION';
SET @now = UNIX_TIMESTAMP();

INSERT INTO linux_job_table
  (job_db_inx, id_job, job_name, state, time_submit, time_eligible, time_start, time_end, timelimit, exit_code,
   deleted, system_comment, cpus_req, id_assoc, id_resv, id_wckey, id_user, id_group, het_job_id, het_job_offset,
   state_reason_prev, nodes_alloc, nodelist, `partition`, priority, mod_time)
SELECT job_db_inx, id_job, job_name, state, @now - submitted, @now - submitted,
       IF(started IS NULL, 0, @now - started), IF(ended IS NULL, 0, @now - ended), timelimit, exit_code,
       deleted, NULL, 16, 3, 0, 0, 1000, 1000, 0, 0xfffffffe,
       0, IF(started IS NULL, 0, 1), IF(started IS NULL, 'None assigned', 'node01'), 'batch', 100, @now - submitted
FROM (
  -- 1: lost when its controller was restored from a backup: it has been "running" for 20 days with a limit of one.
  SELECT 1 AS job_db_inx, 4711 AS id_job, 'relax' AS job_name, 1 AS state, 1728600 AS submitted, 1728000 AS started,
         NULL AS ended, 1440 AS timelimit, 0 AS exit_code, 0 AS deleted
  UNION ALL SELECT 2, 4712, 'md-run', 1, 1728500, 1727900, NULL, 1440, 0, 0
  -- 3: two days into a week.
  UNION ALL SELECT 3, 5101, 'train', 1, 180000, 172800, NULL, 10080, 0, 0
  -- 4: suspended since long: it holds nothing but its memory.
  UNION ALL SELECT 4, 4800, 'sweep', 2, 1728600, 1728000, NULL, 20160, 0, 0
  UNION ALL SELECT 5, 5102, 'pending', 0, 3600, NULL, NULL, 60, 0, 0
  -- 6: an array task that was requeued; the row with flag 1024 is its first run, 7 its second.
  UNION ALL SELECT 6, 5000, 'array', 1024, 900000, 899000, 890000, 60, 0, 0
  UNION ALL SELECT 7, 5000, 'array', 3, 890000, 880000, 870000, 60, 0, 0
  -- 8: ended by signal 9, 9: exit status 2 (2 * 256), 10: reached its limit.
  UNION ALL SELECT 8, 5001, 'oom', 11, 800000, 799000, 798000, 60, 9, 0
  UNION ALL SELECT 9, 5002, 'bad-input', 5, 800000, 799000, 798900, 60, 512, 0
  UNION ALL SELECT 10, 5003, 'slow', 6, 800000, 799000, 795400, 60, 0, 0
  -- 11: ended a year ago; 12: the same, marked by slurmdbd's own purge, which will delete it.
  UNION ALL SELECT 11, 1200, 'ancient', 3, 31540000, 31539000, 31536000, 60, 0, 0
  UNION ALL SELECT 12, 1201, 'ancient', 3, 31540000, 31539000, 31536000, 60, 0, 1
) AS seen;

INSERT INTO linux_step_table (job_db_inx, id_step, state, step_name, nodelist, nodes_alloc, task_cnt, time_start, time_end)
SELECT job_db_inx, -5, IF(state = 1024, 4, state), 'batch', nodelist, 1, 1, time_start, time_end
FROM linux_job_table WHERE time_start > 0;
INSERT INTO linux_suspend_table (job_db_inx, id_assoc, time_start) VALUES (4, 3, @now - 1727000);
