/** `jobsweep list`. */
export const list = {
  columns: { strategy: 'STRATEGY', runs: 'RUNS', next: 'NEXT', lastRepair: 'LAST REPAIR', turn: 'TURN' },
  ofConfig: (name: string) => `Config ${name}`,
  observes: 'observes',
  off: 'off',
  repaired: (count: string, isOne: boolean, when: string) => `${count} ${isOne ? 'row' : 'rows'}, ${when}`,
  lapsed: (holder: string) => `${holder} (lapsed)`,
  nothingKnown:
    "Nothing is known of turns and repairs: jobsweep's own tables are missing, or hidden from this user. `jobsweep init --apply` makes them.",
};
