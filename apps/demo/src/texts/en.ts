import { ADAPTER_NAMES, DATABASE_NAMES } from '../adapters/pairs.js';
import { limits } from '../limits.js';
import { listOf } from './lists.js';
import { problemEn } from './problem-en.js';
import type { DemoTexts } from './texts.js';

const PLAIN = 'npm run demo';
const DEMO = `${PLAIN} --`;

const anyOf = (names: readonly string[]) => listOf(names, ', ', ' or ');

export const en: DemoTexts = {
  locale: 'en',
  help: {
    summary: "Damages a real cluster's log in a real database, lets jobsweep repair it, and checks the result.",
    usageTitle: 'Usage:',
    optionsTitle: 'Options:',
    examplesTitle: 'Examples:',
    byDefault: (value) => ` (default: ${value})`,
    options: {
      adapter: `jobsweep's adapter: ${anyOf(ADAPTER_NAMES)}`,
      database: anyOf(DATABASE_NAMES),
      trace: 'a workload log, .swf or .swf.gz (default: the NASA iPSC log)',
      rows: 'make so many jobs, repeating the log as often as it takes',
      seed: 'same seed, same damage',
      'leaked-percent': 'of all finished jobs, those that keep their allocation',
      reservations: 'reservations that never started',
      'stale-percent': `of the reservations, those over ${limits.reservationMinutes} minutes old`,
      'long-jobs': 'jobs that run for a long time',
      'long-days': 'for how many days they run',
      'healthy-jobs': 'running jobs in good health',
      'sibling-jobs': 'running jobs with a stale and a live allocation',
      'requeued-jobs': 'jobs queued again after a first end',
      purge: `also delete finished jobs older than ${limits.keepDays} days`,
      undo: 'then take back what was done to stuck jobs',
      keep: 'leave the database up, with a runner and its page',
      json: 'write the result to a file',
      locale: 'language: en or zh-CN',
      verbose: "show the strategies' own log lines",
      help: 'show this help',
    },
    examples: [
      [PLAIN, 'the whole story, in seconds'],
      [`${DEMO} --rows 1000000 --purge`, 'a million jobs, the old ones deleted'],
      [`${DEMO} --trace my.swf.gz --seed 7`, 'another log, other damage'],
      [`${DEMO} --leaked-percent 20 --long-jobs 500`, 'a cluster in a worse state'],
      [`${DEMO} --adapter typeorm --database mariadb`, 'another library, another database'],
      ['PG_URL=postgres://me:secret@host/db npm run demo', 'on your own server'],
    ],
  },
  problem: problemEn,
  stopped: 'Stopped. Nothing was left behind.',
  failed: (reason) => `The demo failed: ${reason}`,

  title: (server, source, library) => `${server} ${sourceOf(source)}, through ${library}`,
  phases: {
    server: (title) => `Starting ${title}`,
    read: 'Reading the log',
    import: 'Importing jobs',
    index: 'Building indexes',
    damage: 'Damaging the cluster',
    snapshot: 'Taking a snapshot',
    check: 'Comparing every row',
  },
  headings: {
    log: 'Log',
    damage: 'Damage',
    cleanup: 'Cleanup',
    health: 'Health of the cluster',
    before: 'Before',
    after: 'After',
    next: 'Try next',
  },
  period: (from, to) => `${from} to ${to}`,
  imported: (jobs, repetitions) =>
    `${some(jobs, 'job')} imported${repetitions === '1' ? '' : `, the log repeated ${repetitions} times`}`,
  moved: 'moved in time: the last one ended an hour ago',
  skipped: (lines) => `${some(lines, 'line')} skipped:`,
  skip: (line, reason) => `line ${line} ${SKIPS[reason]}`,
  moreSkips: (lines) => `and ${lines} more`,
  damaged: ({ leaked, stale, stuck }, seed) =>
    `${some(leaked, 'leaked allocation')}, ${some(stale, 'stale reservation')}, ${some(stuck, 'stuck job')} (seed ${seed})`,
  health: {
    completedJobsWithUnreleasedResources: 'Allocations still held by finished jobs',
    staleReservations: `Stale reservations (over ${limits.reservationMinutes} minutes)`,
    stuckJobs: `Stuck jobs (running over ${limits.runHours} hours)`,
    oldJobs: `Finished jobs older than ${limits.keepDays} days`,
    jobs: 'Jobs',
    allocations: 'Allocations',
  },
  survive: 'Looks like damage, must survive:',
  survivors: {
    healthy: 'Healthy running jobs',
    fresh: 'Fresh reservations',
    sibling: 'Running jobs with a stale and a live allocation',
    requeued: 'Jobs queued again after a first end',
  },
  outcomes: {
    done: 'done',
    skipped: 'nothing to do',
    failed: 'failed',
    blocked: 'blocked',
    claimed: 'another runner has it',
    notDue: 'not due yet',
    paused: 'paused',
    tripped: 'stopped by its breaker',
    claimLost: 'claim lost',
    disabled: 'off',
    filtered: 'left out',
    planned: 'planned',
    observed: 'only looked',
    aborted: 'aborted',
    timeout: 'out of time',
    rowBudget: 'out of rows',
  },
  cleaned: (items) => `${items} cleaned`,
  batches: (batches) => some(batches, 'batch', 'batches'),
  offUnlessPurge: 'off unless --purge',
  untouched: (rows) => `Nothing else changed: ${rows} rows compared with a snapshot, every column.`,
  touched: (rows) => `${some(rows, 'row')} changed against the rules:`,
  violation: {
    changed: (table, id) => `${table} ${id} was changed`,
    missing: (table, id) => `${table} ${id} is missing`,
    new: (table, id) => `${table} ${id} is new`,
  },
  undone: (rows, stuckJobs) => `Taken back: ${some(rows, 'row')}, and ${some(stuckJobs, 'stuck job')} as before.`,
  notUndone: (stuckJobs, before) => `Not all came back: ${some(stuckJobs, 'stuck job')}, and there were ${before}.`,
  notClean: 'The cluster is not clean.',
  kept: 'The database is still up:',
  toStop: 'To stop it:',
  page: 'A runner goes on working on it. Its page:',
  next: [
    [`${DEMO} --rows 1000000`, 'the log repeated to a million jobs'],
    [`${DEMO} --purge --seed 7`, 'other damage; old jobs deleted too'],
    [`${DEMO} --undo`, 'take back what was done to stuck jobs'],
    [`${DEMO} --keep`, 'leave the database up and look at it'],
  ],
};

/** A number that is ready to show, with what it counts. */
const some = (shown: string, one: string, many = `${one}s`) => `${shown} ${shown === '1' ? one : many}`;

/** Where a server comes from: a variable with its URL, or a place where its program was found. */
const sourceOf = (source: string) => (source.endsWith('_URL') ? `at ${source}` : `(${source})`);

const SKIPS = {
  tooFewFields: 'has fewer than 18 fields',
  notANumber: 'has a field that is no number',
  invalidId: 'has no valid job id',
  duplicateId: 'repeats a job id',
  partial: 'is a partial record',
  noSubmitTime: 'has no submit time',
  noRunTime: 'has no run time',
  impossibleTime: 'has an impossible time',
} as const;
