/** The accounting table of the cluster "linux", as slurmdbd keeps it: jobs that never ended, and nothing else. */
export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${SLURM_ACCT_URL}' },
  store: {
    schema: {
      jobs: {
        table: 'linux_job_table',
        columns: {
          id: 'job_db_inx',
          name: 'job_name',
          startTime: { column: 'time_start', codec: 'epochSeconds', unset: [0] },
          endTime: { column: 'time_end', codec: 'epochSeconds', unset: [0] },
          errorMsg: 'system_comment',
          // A status of wait(2) in an unsigned integer: it cannot hold '-2:0'.
          exitCode: null,
        },
        // SUSPENDED (2) is none of these: such jobs are left alone.
        states: {
          PENDING: 0,
          RUNNING: 1,
          COMPLETED: 3,
          // FAILED, TIMEOUT, NODE_FAIL, BOOT_FAIL, DEADLINE, OUT_OF_MEMORY
          FAILED: [5, 6, 7, 9, 10, 11],
          // CANCELLED, PREEMPTED, and runs that ended because the job was requeued, resized or revoked
          CANCELLED: [4, 8, 1024, 8192, 524288],
        },
      },
      allocations: null,
    },
    // What `sacctmgr show runawayjobs` looks at too. No job that has ended passes, so none can be deleted here.
    filters: { scope: { time_end: 0, deleted: 0 } },
    touch: { jobs: { now: [{ column: 'mod_time', codec: 'epochSeconds' }] } },
  },
  strategies: {
    // Above the longest time limit of any partition.
    stuck_job_cleanup: { maxAgeHours: 15 * 24 },
  },
};
