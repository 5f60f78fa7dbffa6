/** `jobsweep run`: its report, questions and progress. */
export const run = {
  columns: {
    strategy: 'STRATEGY',
    result: 'RESULT',
    due: 'DUE',
    repaired: 'REPAIRED',
    batches: 'BATCHES',
    time: 'TIME',
    note: 'NOTE',
  },
  blocked: 'blocked',
  dryRun: 'A dry run: nothing was changed.',
  offByDefault: 'off by default, runs when it is named',
  override:
    'A breaker stopped a pass before it changed anything. Look at `jobsweep plan`; if that is right, `jobsweep approve STRATEGY` lets the next pass do so much, and --override-breaker this one.',
  stuck: 'rows are due, and none could be changed',
  stopped: {
    timeout: 'stopped when its time was up',
    rowBudget: 'stopped at its row limit',
    aborted: 'stopped by a signal',
    claimLost: 'stopped, its claim was lost',
  },
  contended: (count: string) => `${count} held by others`,
  holding: (count: string) => `${count} still hold allocations or are kept`,
  unconfirmed: (count: string) => `${count} not confirmed`,
  passedOver: (count: string) => `${count} no longer due`,
  refusedInAll: (count: string) => `${count} refused by the database`,
  refused: (count: string, isOne: boolean, by: string, ids: string) =>
    `${count} ${isOne ? 'row' : 'rows'} refused by ${by} (${ids})`,
  unknown: (count: string) => `${count} unknown, their commit was lost`,
  waiting: (value: number | null, above: number) =>
    value === null ? 'waits for the probe' : `waits: ${value} is above ${above}`,
  left: (length: string) => `${length} left`,
  alone:
    "No turn was claimed and no history kept: jobsweep's own tables are missing, or hidden from this user. `jobsweep init --apply` makes them.",
  confirm: (strategy: string, count: string, rows: string) =>
    `${strategy} will delete ${count} jobs for good${rows === '' ? '' : `, and what hangs on them (${rows})`}. Go on?`,
  nobodyToAsk: (strategy: string, count: string, above: string) =>
    `${strategy} would delete ${count} jobs, which is more than ${above}, and nobody is there to be asked. ` +
    'Nothing was done. Look at `jobsweep plan`, then give --yes, or --max-rows, or leave it out.',
  answer: (isYes: boolean): string => (isYes ? 'Yes' : 'No'),
  nothingDone: 'Nothing was done.',
};
