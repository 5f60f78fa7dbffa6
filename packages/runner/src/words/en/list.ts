/** `jobsweep list`. */
export const list = {
  columns: { strategy: 'STRATEGY', runs: 'RUNS', next: 'NEXT', lastRepair: 'LAST REPAIR', turn: 'TURN' },
  off: 'off',
  rows: (count: number) => `${count} ${count === 1 ? 'row' : 'rows'}`,
  failed: 'failed',
  failedAfter: (rows: string) => `failed after ${rows}`,
  breakerTripped: 'breaker tripped',
  at: (what: string, when: string) => `${what}, ${when}`,
  lapsed: (holder: string) => `${holder} (lapsed)`,
  nothingKnown:
    "Nothing is known of turns and repairs: jobsweep's own tables are missing, or hidden from this user. `jobsweep init --apply` makes them.",
};
