/** `jobsweep plan`. */
export const plan = {
  columns: {
    strategy: 'STRATEGY',
    due: 'DUE',
    of: 'OF',
    percent: '%',
    oldest: 'OLDEST',
    batches: 'BATCHES',
    time: 'TIME',
    note: 'NOTE',
  },
  failed: 'failed',
  off: 'off',
  paused: 'paused',
  observes: 'observes',
  breaker: 'breaker',
  more: (count: string) => `and ${count} more`,
  withThem: (rows: string) => `with rows that hang on them: ${rows}`,
  wouldStop: (figures: string) => `Its breaker would stop it: ${figures}. --override-breaker lets it go on.`,
  undated: (count: string) => `${count} without a time, never due`,
  holding: (count: string) => `${count} still hold allocations or are kept, and stay`,
  nothingChanged:
    'Nothing was changed. Each strategy is counted on the rows as they are, not as those before it would leave them.',
  fromHistory: '~ at the rate of the last pass that did something',
  fromReading: '> from reading one page; there is no pass yet whose rate would tell more',
};
