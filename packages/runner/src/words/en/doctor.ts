import type { Rule } from '@jobsweep/core';
import { plural } from './plural.js';

const rowsAre = (count: number, shown: string) => (count === 1 ? '1 row is' : `${shown} rows are`);

const TIME_OF: Readonly<Record<Rule['name'], string>> = {
  completed_job_cleanup: 'end',
  stale_reservation_cleanup: 'allocation',
  stuck_job_cleanup: 'start',
  old_job_cleanup: 'end',
  orphaned_allocation_cleanup: 'allocation',
  waiting_job_cleanup: 'creation',
};

/** `jobsweep doctor`: what each check says, and what is done about it. */
export const doctor = {
  titles: {
    server: 'server',
    schema: 'tables and columns',
    states: 'states',
    undated: 'times',
    orphans: 'orphans',
    references: 'other tables',
    indexes: 'indexes',
    snapshots: 'snapshots',
    probe: 'probe',
    ownTables: "jobsweep's tables",
    privileges: 'privileges',
    claims: 'turns',
    violations: 'due now',
  },
  severities: { error: 'error', warning: 'warning', info: 'info' },
  counts: {
    error: (count: number) => plural(count, 'error'),
    warning: (count: number) => plural(count, 'warning'),
    info: (count: number) => `${count} to know`,
  },
  failedChecks: (count: number) => plural(count, 'check that could not be made', 'checks that could not be made'),
  list: (items: readonly string[]) => items.join(', '),
  sentence: (text: string) => `${text}${text.endsWith('?') ? '' : '.'}`,
  fine: 'Nothing stands in the way.',
  versions: (jobsweep: string, node: string) => `jobsweep ${jobsweep}, Node ${node}`,
  oldestFor: (what: string, length: string) => `${what}, the oldest for ${length}`,
  costs: { lookingFor: 'LOOKING FOR', takes: 'TAKES', reads: 'READS', took: 'TOOK', read: 'READ' },
  cannotTell: 'this adapter cannot tell',
  pointless: 'the mapping does not fit',

  server: (product: string, version: string, zone: string) => `${product} ${version}, time zone ${zone}`,
  noWrites: {
    problem: 'The server takes no writes: it is a standby, or was set to read-only',
    fix: 'Connect to the one that takes them; `jobsweep start` waits until this one does',
  },
  clock: (length: string, isAhead: boolean) => ({
    problem: `This machine is ${length} ${isAhead ? 'ahead of' : 'behind'} the database`,
    fix: 'Set both by NTP: what is due is decided by the database, but the ages in logs are not',
  }),
  noTransactions: {
    problem: 'The server has no transactions, so each row is written by itself',
    fix: 'Make it a replica set, or know what docs/repo-mongo.md says remains possible',
  },
  noFence: {
    problem: 'A job that a write relies on may change while it is written',
    fix: 'Set fenceField, or know the window that docs/repo-mongo.md describes',
  },
  schemaFits: 'tables and columns are as the mapping says',
  notPossible: {
    problem: 'Not possible on these tables',
    fix: 'Nothing, if no allocation is ever reserved; else map the status RESERVED',
  },
  notPossibleFiltered: {
    problem: 'Not possible with filters.scope or filters.exclude: a job that is gone may have been any',
    fix: 'Nothing, if allocations have a foreign key to their job; else release such allocations by hand',
  },
  statesMapped: 'every state is mapped',
  unknownState: (rows: number, shown: string, value: string | null, option: string) => ({
    problem: `${rows === 1 ? '1 row has' : `${shown} rows have`} ${value === null ? 'NULL' : `'${value}'`}, which nobody mapped`,
    fix: `Map it in ${option}, or leave it: such rows are never written`,
  }),
  untoldState: (rows: number, shown: string, meets: 'none' | 'several', option: string) => ({
    problem: `${rows === 1 ? '1 row meets' : `${shown} rows meet`} ${meets === 'none' ? 'no condition' : 'the conditions of two states'}`,
    fix:
      meets === 'none'
        ? `Add a state to ${option}, or leave it: such rows are never written`
        : `Tell the states apart in ${option}: such rows are never written`,
  }),
  unusedState: (value: string, option: string) => ({
    problem: `The type of the column allows '${value}', which nobody mapped`,
    fix: `Map it in ${option}, or leave it: rows that get it are never written`,
  }),
  allDated: 'every row has the time that it is judged by',
  undated: (rows: number, shown: string, rule: Rule['name']) => ({
    problem: `${rows === 1 ? '1 row has' : `${shown} rows have`} no ${TIME_OF[rule]} time, never to be due`,
    fix: 'Set the time, or judge these rows by hand',
  }),
  noAllocations: 'there is no table of allocations',
  noOrphans: 'every allocation that is not released has its job',
  orphans: (rows: string) => ({
    problem: `${rows} allocations hold something for a job that does not exist`,
    fix: 'Turn orphaned_allocation_cleanup on, or release them by hand, and add a foreign key so that none come again',
  }),
  noForeignKeys: 'the database has no foreign keys',
  noReferences: 'no table points at jobs',
  references: (tables: number, areIndexed: boolean) =>
    `${plural(tables, 'table points', 'tables point')} at jobs${areIndexed ? ', with an index' : ''}`,
  noKey: {
    problem: 'No foreign key that this user can see ties allocations to their job',
    fix: 'Add one, so that no allocation can lose its job; jobsweep works without',
  },
  blocks: (constraint: string) => ({
    problem: `Its rows keep jobs from being deleted (${constraint})`,
    fix: 'Name the table in schema.dependents, or detach such rows before; until then these jobs stay, named as blocked',
  }),
  cascades: (constraint: string) => ({
    problem: `Its rows are deleted with their job (${constraint})`,
    fix: 'Make sure that this is meant before old_job_cleanup is on; schema.dependents.keep spares jobs with such rows',
  }),
  nothing: () => ({
    problem: 'It looks as if its rows name jobs, and no foreign key says so: a purge leaves them behind',
    fix: 'If they do, name the table in schema.dependents, or add a foreign key',
  }),
  sets: (constraint: string) => ({
    problem: `Its rows lose their job when that is deleted (${constraint})`,
    fix: 'Nothing, if that is meant',
  }),
  readsWhole: (columns: string) => ({
    problem: 'Without an index, deleting a job reads this whole table',
    fix: `Create an index that begins with ${columns}`,
  }),
  indexesMade: (names: string) => `made ${names}`,
  indexesFit: (count: number) => `${plural(count, 'index', 'indexes')} as needed`,
  indexMissing: (name: string, strategies: string) => ({
    problem: `Index ${name} is missing, for ${strategies}`,
    fix: 'Create it, or let `jobsweep doctor --apply-indexes` do so',
  }),
  view: (indexes: string) => ({
    problem:
      'This is a view: writes go to the table behind it, and whether ids are unique and indexes serve is not known',
    fix: `Make sure that the table behind it has a unique key on the id, and indexes on ${indexes}`,
  }),
  noOldSnapshots: 'nobody keeps deleted rows for long',
  oldSnapshot: (length: string | undefined) => ({
    problem:
      length === undefined
        ? 'Nobody reads from it, and it keeps deleted rows in the tables: looks for rows that are due read past them'
        : `It has been open for ${length}, and may keep deleted rows in the tables: looks for rows that are due read past them`,
    fix: 'End it if nobody needs it, or let it read in shorter transactions',
  }),
  noProbe: 'passes wait for no number',
  probeSays: (value: number, above: number) => `it says ${value}, and passes wait above ${above}`,
  probeAbove: (value: number, above: number) => ({
    problem: `It says ${value}: passes wait, as that is above ${above}`,
    fix: 'Nothing, if the database is that busy; else raise `above`',
  }),
  probeFails: (reason: string) => ({
    problem: `It gives no number, so passes wait and repair nothing: ${reason.replace(/\.$/, '')}`,
    fix: 'Put the query right, so that it answers with one number',
  }),
  ownTablesUnused: 'not used, as the config says',
  ownTablesNone: 'this adapter makes none',
  ownTableWrong: 'Put it right as `jobsweep init` shows the table',
  ownTablesMissing: (count: number) => ({
    problem: `${count === 1 ? 'This table of jobsweep is' : 'These tables of jobsweep are'} missing, or hidden from this user`,
    fix: 'Run `jobsweep init --apply`, or leave it: one runner works alone, without history',
  }),
  noClaims: 'nobody keeps claims',
  turnsFree: 'all turns are free',
  turnsHeld: (count: number) => `${plural(count, 'turn is', 'turns are')} held`,
  approved: (rows: number, until: string) => ({
    problem: `One pass may change at most ${plural(rows, 'row', 'rows')} past its breaker, until ${until}`,
    fix: 'Nothing: the next pass that the breaker would stop uses it up, or it lapses',
  }),
  lapsed: (holder: string, at: string | undefined) => ({
    problem: `${holder} began a turn that it never ended; its claim lapsed at ${at ?? 'an unknown time'}`,
    fix: 'Look for a runner that died there; the next one takes the turn over by itself',
  }),
  paused: (by: string, until: string | undefined) => ({
    problem: `${by} has paused it${until === undefined ? '' : ` until ${until}`}, so nothing is repaired`,
    fix: '`jobsweep resume` lets it have its turns again',
  }),
  privileged: 'the user may do all that the strategies need',
  lacks: (privilege: string, strategies: string) => ({
    problem: `The user lacks ${privilege}${strategies === '' ? '' : `, for ${strategies}`}`,
    fix: 'Run what `jobsweep doctor --grants <user>` prints',
  }),
  nothingDue: 'nothing is due',
  duePartition: {
    problem: 'Every row of this partition is due for old_job_cleanup, and nothing hangs on any',
    fix: 'Take it away as a whole: this locks writers out, proves it again, and drops the partition',
  },
  late: (rows: number, shown: string, length: string) => ({
    problem: `${rowsAre(rows, shown)} due, the oldest for ${length}`,
    fix: 'Look at `jobsweep plan`, and whether a runner is going: `jobsweep list`',
  }),
};
