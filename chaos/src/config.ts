/** Bounds that trials can wait for. */
export const STATEMENT_TIMEOUT_SECONDS = 2;
export const GRACE_SECONDS = 2;
export const CLAIM_TERM_SECONDS = 5;

export interface ConfigChanges {
  readonly store?: object;
  readonly runner?: object;
  readonly strategies?: object;
  readonly log?: object;
}

/** The config of `jobsweep start` in trials: all four strategies, every second, in small batches. */
export function configOf(adapter: string, url: string, changes: ConfigChanges = {}): object {
  return {
    adapter,
    connection: { url, poolSize: 4 },
    store: { statementTimeoutSeconds: STATEMENT_TIMEOUT_SECONDS, ...changes.store },
    strategies: {
      completed_job_cleanup: { intervalSeconds: 1 },
      stale_reservation_cleanup: { intervalSeconds: 1 },
      stuck_job_cleanup: { intervalSeconds: 1 },
      old_job_cleanup: { enabled: true, intervalSeconds: 1 },
      ...changes.strategies,
    },
    runner: {
      batchRows: 20,
      claims: 'required',
      claimTermSeconds: CLAIM_TERM_SECONDS,
      graceSeconds: GRACE_SECONDS,
      breaker: false,
      ...changes.runner,
    },
    http: { host: '127.0.0.1', port: 0, backlogSeconds: 5 },
    log: { level: 'info', format: 'json', ...changes.log },
  };
}
