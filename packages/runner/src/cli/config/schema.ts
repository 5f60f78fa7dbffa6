import { CONFIG_NAME, JOB_STATES, presets, RESOURCE_STATUSES } from '@jobsweep/core';
import { z } from 'zod';
import { MAX_COUNT } from '../../breaker/limits.js';
import { CLAIMS, LOG_FORMATS } from './config.js';
import type { TimeUnit } from './durations.js';

/*
 * The message of each value is what to write instead. `toProblems` puts the path and the value before it.
 */

const number = (from: number, to: number) => {
  const fix = `give a number from ${from} to ${to}`;
  return z.number(fix).min(from, fix).max(to, fix);
};

const whole = (from: number, to: number) => {
  const fix = `give a whole number from ${from} to ${to}`;
  return z.int(fix).min(from, fix).max(to, fix);
};

const time = (unit: TimeUnit, to = 1_000_000) => {
  const fix = `give a number of ${unit} above 0 and at most ${to}`;
  return z.number(fix).positive(fix).max(to, fix).meta({ unit });
};

const text = (fix = 'give a text') => z.string(fix).min(1, fix);
const flag = z.boolean('give true or false');
const oneOf = <const Words extends readonly string[]>(words: Words) => z.enum(words, `use one of ${words.join(', ')}`);
const section = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape, 'give an object');
const orFalse = <Shape extends z.ZodObject>(schema: Shape) =>
  z.union([z.literal(false), schema], 'give an object, or false');

const breaker = orFalse(section({ maxShare: number(0, 1).optional(), minRows: whole(1, MAX_COUNT).optional() }));

const timed = {
  enabled: flag.optional(),
  intervalSeconds: time('seconds').optional(),
  cron: text("give a cron expression, such as '0 3 * * *'").optional(),
  timeZone: text("give the name of a time zone, such as 'Europe/Berlin'").optional(),
  timeoutSeconds: time('seconds').optional(),
};
const strategy = { ...timed, breaker: breaker.optional() };

const strategies = section({
  completed_job_cleanup: section(timed).optional(),
  stale_reservation_cleanup: section({ ...strategy, maxAgeMinutes: time('minutes').optional() }).optional(),
  stuck_job_cleanup: section({ ...strategy, maxAgeHours: time('hours').optional() }).optional(),
  old_job_cleanup: section({ ...strategy, maxAgeDays: time('days').optional() }).optional(),
});

const runner = section({
  batchRows: whole(1, 5000).optional(),
  maxRowsPerPass: whole(1, Number.MAX_SAFE_INTEGER).optional(),
  pauseFraction: number(0, 100).optional(),
  concurrency: whole(1, 100).optional(),
  jitter: number(0, 1).optional(),
  graceSeconds: number(0, 3600).meta({ unit: 'seconds' }).optional(),
  claimTermSeconds: whole(1, 3600).meta({ unit: 'seconds' }).optional(),
  historyDays: number(1, 36_500).meta({ unit: 'days' }).optional(),
  claims: oneOf(CLAIMS).optional(),
  breaker: breaker.optional(),
  confirmDeletesAbove: whole(0, Number.MAX_SAFE_INTEGER).optional(),
});

const rawState = z.union([z.string(), z.number()], 'give the value that the table holds, a text or a number');
const rawStates = z.union([rawState, z.array(rawState)], 'give the value that the table holds, or a list of them');
const column = text('give the name of a column');
const timeColumn = z.union(
  [
    column,
    section({
      column,
      codec: oneOf(['instant', 'utcDateTime', 'epochSeconds', 'epochMillis']).optional(),
      unset: z.array(rawState, 'give a list of values').optional(),
    }),
  ],
  'give the name of a column, or { column, codec, unset }',
);
const columnOrNull = z.union([column, z.null()], 'give the name of a column, or null where there is none');
const statesOf = (states: readonly string[]) =>
  section(Object.fromEntries(states.map((state) => [state, rawStates.optional()])));

const schema = section({
  jobs: section({
    schema: text().optional(),
    table: text('give the name of a table').optional(),
    columns: section({
      id: column.optional(),
      name: column.optional(),
      state: column.optional(),
      startTime: timeColumn.optional(),
      endTime: timeColumn.optional(),
      errorMsg: columnOrNull.optional(),
      exitCode: columnOrNull.optional(),
    }).optional(),
    states: statesOf(JOB_STATES).optional(),
  }).optional(),
  allocations: z
    .union(
      [
        z.null(),
        section({
          schema: text().optional(),
          table: text('give the name of a table').optional(),
          columns: section({
            id: column.optional(),
            jobId: column.optional(),
            status: column.optional(),
            allocationTime: timeColumn.optional(),
            releasedTime: timeColumn.optional(),
          }).optional(),
          statuses: statesOf(RESOURCE_STATUSES).optional(),
        }),
      ],
      'give an object, or null where there is no such table',
    )
    .optional(),
});

const filters = section({
  scope: z.record(z.string(), z.unknown(), 'give columns with their values').optional(),
  exclude: section({
    ids: z.array(z.string('give ids as texts'), 'give a list of texts').optional(),
    names: z.array(z.string('give names as texts'), 'give a list of texts').optional(),
    columns: z.record(z.string(), z.unknown(), 'give columns with their values').optional(),
  }).optional(),
  limitFor: section({
    staleReservationMinutes: z.record(z.string(), time('minutes'), 'give names with limits').optional(),
    stuckHours: z.record(z.string(), time('hours'), 'give names with limits').optional(),
    oldDays: z.record(z.string(), time('days'), 'give names with limits').optional(),
  }).optional(),
  ageColumn: timeColumn.optional(),
  retentionDays: section({
    COMPLETED: time('days').optional(),
    FAILED: time('days').optional(),
    CANCELLED: time('days').optional(),
  }).optional(),
});

const backlogFix = 'give a number from 5 to 86400, or 0 for never';
const backlogSeconds = z
  .number(backlogFix)
  .refine((value) => value === 0 || (value >= 5 && value <= 86_400), backlogFix)
  .meta({ unit: 'seconds' });

/** A config file. Which options `store` has besides is the adapter's affair: `checkStoreOptions`. */
export const configSchema = section({
  name: z.string(CONFIG_NAME.fix).regex(CONFIG_NAME.pattern, CONFIG_NAME.fix).optional(),
  adapter: text("give the name of an adapter package, such as '@jobsweep/repo-knex'").optional(),
  connection: section({
    url: text(`give the URL of the database, such as '\${PG_URL}'`),
    poolSize: whole(1, 100).optional(),
  }).optional(),
  store: z.looseObject({ schema: schema.optional(), filters: filters.optional() }, 'give an object').optional(),
  open: z
    .custom<() => unknown>((value) => typeof value === 'function', 'give a function that returns { store, close }')
    .optional(),
  strategies: strategies.optional(),
  runner: runner.optional(),
  http: orFalse(
    section({
      host: text('give a host name or address').optional(),
      port: whole(0, 65_535).optional(),
      backlogSeconds: backlogSeconds.optional(),
    }),
  ).optional(),
  log: section({
    level: oneOf(['debug', 'info', 'warn', 'error']).optional(),
    format: oneOf(LOG_FORMATS).optional(),
  }).optional(),
  locale: oneOf(Object.keys(presets) as (keyof typeof presets)[]).optional(),
});
