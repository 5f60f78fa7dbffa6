import {
  COLUMN_CODECS,
  CONFIG_NAME,
  ENDED_AS,
  JOB_STATES,
  PAGE_TOKEN,
  type Probe,
  presets,
  RESOURCE_STATUSES,
  STALE_JOB_STATES,
} from '@jobsweep/core';
import { z } from 'zod';
import { MAX_COUNT } from '../../breaker/limits.js';
import { MULTI_WRITER } from '../../options.js';
import { STRATEGY_MODES } from '../../turn/mode.js';
import type { Words } from '../../words/words.js';
import { CLAIMS, LOG_FORMATS } from './config.js';
import type { TimeUnit } from './durations.js';

const MAX_TIME = 1_000_000;

/**
 * A config file. The message of each value is what to write instead; `toProblems` puts the path and the value before it.
 * Which options `store` has besides is the adapter's affair: `checkStoreOptions`.
 */
export function configSchema(words: Words['config']) {
  const number = (from: number, to: number) => {
    const fix = words.number(from, to);
    return z.number(fix).min(from, fix).max(to, fix);
  };

  const whole = (from: number, to: number) => {
    const fix = words.whole(from, to);
    return z.int(fix).min(from, fix).max(to, fix);
  };

  const time = (unit: TimeUnit, to = MAX_TIME) => {
    const fix = words.above0(unit, to);
    return z.number(fix).positive(fix).max(to, fix).meta({ unit });
  };

  const timeOrNone = (unit: TimeUnit) => z.union([time(unit), z.null()], words.above0(unit, 1_000_000));

  const text = (fix = words.text) => z.string(fix).min(1, fix);
  const flag = z.boolean(words.flag);
  const oneOf = <const Known extends readonly string[]>(known: Known) =>
    z.enum(known, words.useOneOf(known.join(', ')));
  const section = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape, words.object);
  const orFalse = <Shape extends z.ZodObject>(schema: Shape) =>
    z.union([z.literal(false), schema], words.objectOrFalse);

  const breaker = orFalse(section({ maxShare: number(0, 1).optional(), minRows: whole(1, MAX_COUNT).optional() }));

  // With rows and sessions that nobody knows here.
  const hook = z.custom<(...given: never[]) => never>((value) => typeof value === 'function', words.hook).optional();
  const hooks = { confirm: hook, within: hook, onRepaired: hook };
  const timed = {
    ...hooks,
    enabled: flag.optional(),
    mode: oneOf(STRATEGY_MODES).optional(),
    intervalSeconds: time('seconds').optional(),
    cron: text(words.cron).optional(),
    timeZone: text(words.timeZone).optional(),
    timeoutSeconds: time('seconds').optional(),
  };
  const strategy = { ...timed, breaker: breaker.optional() };

  const runner = section({
    batchRows: whole(1, 5000).optional(),
    maxRowsPerPass: whole(1, Number.MAX_SAFE_INTEGER).optional(),
    pauseFraction: number(0, 100).optional(),
    pacing: section({
      maxRowsPerSecond: number(0.001, 1_000_000).optional(),
      probe: section({
        query: z.union([text(), z.custom<Probe['query']>((value) => typeof value === 'function')], words.query),
        above: z.number(words.above),
        everySeconds: number(0.1, 3600).meta({ unit: 'seconds' }).optional(),
      }).optional(),
    }).optional(),
    concurrency: whole(1, 100).optional(),
    jitter: number(0, 1).optional(),
    graceSeconds: number(0, 3600).meta({ unit: 'seconds' }).optional(),
    claimTermSeconds: whole(1, 3600).meta({ unit: 'seconds' }).optional(),
    historyDays: number(1, 36_500).meta({ unit: 'days' }).optional(),
    changes: z.union([flag, section({ without: z.array(text(words.column), words.list) })], words.changes).optional(),
    changesDays: number(1, 36_500).meta({ unit: 'days' }).optional(),
    claims: oneOf(CLAIMS).optional(),
    multiWriter: oneOf(MULTI_WRITER).optional(),
    breaker: breaker.optional(),
    confirmDeletesAbove: whole(0, Number.MAX_SAFE_INTEGER).optional(),
  });

  const rawState = z.union([z.string(), z.number()], words.rawState);
  // What stands in conditions is checked by core, which says more of it.
  const rowCondition = z.record(z.string(), z.unknown(), words.columnsWithValues);
  const condition = z.union([rowCondition, z.array(rowCondition)], words.columnsWithValues);
  const value = z.union([rawState, z.boolean(), z.null()], words.rawState);
  const inFull = section({ when: condition, set: rowCondition.nullish() });
  const stateOption = z.union([value, z.array(value), inFull], words.rawStates);
  const column = text(words.column);
  const timeShape = {
    column,
    codec: oneOf(COLUMN_CODECS).optional(),
    timeZone: text(words.timeZone).optional(),
    unset: z.array(rawState, words.list).optional(),
  };
  const timeInFull = section(timeShape);
  const timeColumn = z.union([column, timeInFull], words.timeColumn);
  const timeOrNull = z.union([column, timeInFull, z.null()], words.timeOrNull);
  const endTime = z.union([timeColumn, z.array(timeColumn), z.null()], words.endTime);
  const key = z.union([column, z.array(column)], words.key);
  const elsewhere = { schema: text().optional(), table: text(words.table).optional(), key: key.optional() };
  const sign = z.union([column, section({ ...timeShape, ...elsewhere })], words.sign);
  // What stands in JSON is checked by core.
  const saidInFull = section({
    column,
    json: z.unknown().optional(),
    number: oneOf(['exitCode']).optional(),
    text: oneOf(['errorMsg', 'exitCode']).optional(),
  });
  const said = z.union([column, saidInFull, z.null()], words.said);
  const statesOf = (states: readonly string[]) =>
    section(Object.fromEntries(states.map((state) => [state, stateOption.optional()])));

  const dependent = section({
    schema: text().optional(),
    table: text(words.table),
    id: key.optional(),
    key,
    get dependents(): z.ZodOptional<z.ZodArray<z.ZodType>> {
      return z.array(dependent, words.tables).optional();
    },
  });

  const requeue = section({
    state: oneOf(['PENDING']).optional(),
    triesColumn: column.optional(),
    maxTries: whole(1, 1000).optional(),
    runAfterColumn: timeColumn.optional(),
    runAfterSeconds: number(0, MAX_TIME).meta({ unit: 'seconds' }).optional(),
  });

  const strategies = section({
    completed_job_cleanup: section({
      ...timed,
      settleSeconds: number(0, MAX_TIME).meta({ unit: 'seconds' }).optional(),
    }).optional(),
    stale_reservation_cleanup: section({
      ...strategy,
      maxAgeMinutes: time('minutes').optional(),
      requeue: requeue.optional(),
      jobStates: z.array(oneOf(STALE_JOB_STATES), words.list).optional(),
    }).optional(),
    stuck_job_cleanup: section({
      ...strategy,
      maxAgeHours: time('hours').optional(),
      silentMinutes: time('minutes').optional(),
      requeue: requeue.optional(),
    }).optional(),
    old_job_cleanup: section({ ...strategy, maxAgeDays: timeOrNone('days').optional() }).optional(),
    orphaned_allocation_cleanup: section({ ...strategy, maxAgeMinutes: time('minutes').optional() }).optional(),
    waiting_job_cleanup: section({
      ...strategy,
      maxAgeDays: time('days').optional(),
      requeue: requeue.optional(),
    }).optional(),
  });

  const schema = section({
    jobs: section({
      schema: text().optional(),
      table: text(words.table).optional(),
      columns: section({
        id: key.optional(),
        name: column.optional(),
        state: column.optional(),
        startTime: timeColumn.optional(),
        createdTime: timeOrNull.optional(),
        endTime: endTime.optional(),
        errorMsg: said.optional(),
        exitCode: said.optional(),
      }).optional(),
      endedAs: oneOf(ENDED_AS).optional(),
      states: statesOf(JOB_STATES).optional(),
    }).optional(),
    allocations: z
      .union(
        [
          z.null(),
          section({
            schema: text().optional(),
            table: text(words.table).optional(),
            columns: section({
              id: key.optional(),
              jobId: key.optional(),
              status: column.optional(),
              allocationTime: timeOrNull.optional(),
              releasedTime: timeOrNull.optional(),
              resource: key.optional(),
            }).optional(),
            via: section({
              schema: text().optional(),
              table: text(words.table),
              key: key.optional(),
              jobId: key.optional(),
            }).optional(),
            statuses: statesOf(RESOURCE_STATUSES).optional(),
          }),
        ],
        words.objectOrNull,
      )
      .optional(),
    dependents: section({
      delete: z.array(dependent, words.tables).optional(),
      keep: z.array(rowCondition, words.tables).optional(),
    }).optional(),
    archive: z
      .union(
        [
          z.boolean(),
          section({ schema: text().optional(), tables: z.record(z.string(), text(words.table)).optional() }),
        ],
        words.archive,
      )
      .optional(),
  });

  const limits = section({
    column: column.optional(),
    staleReservationMinutes: z.record(z.string(), time('minutes'), words.valuesWithLimits).optional(),
    stuckHours: z.record(z.string(), time('hours'), words.valuesWithLimits).optional(),
    oldDays: z.record(z.string(), time('days'), words.valuesWithLimits).optional(),
  });

  const filters = section({
    scope: condition.optional(),
    exclude: condition.optional(),
    limitFor: z.union([limits, z.array(limits)], words.limits).optional(),
    ageColumn: sign.optional(),
    ageFrom: timeColumn.optional(),
    keepNewest: section({
      count: whole(1, 5000),
      per: z.union([oneOf(['all', 'name']), section({ column })], words.keepPer).optional(),
    }).optional(),
    retentionDays: section({
      COMPLETED: time('days').optional(),
      FAILED: time('days').optional(),
      CANCELLED: time('days').optional(),
    }).optional(),
  });

  const backlogSeconds = z
    .number(words.backlog)
    .refine((value) => value === 0 || (value >= 5 && value <= 86_400), words.backlog)
    .meta({ unit: 'seconds' });

  return section({
    name: z.string(words.name).regex(CONFIG_NAME.pattern, words.name).optional(),
    adapter: text(words.adapter).optional(),
    connection: section({
      url: text(words.url),
      poolSize: whole(1, 100).optional(),
    }).optional(),
    store: z.looseObject({ schema: schema.optional(), filters: filters.optional() }, words.object).optional(),
    open: z.custom<() => unknown>((value) => typeof value === 'function', words.open).optional(),
    strategies: strategies.optional(),
    runner: runner.optional(),
    http: orFalse(
      section({
        host: text(words.host).optional(),
        port: whole(0, 65_535).optional(),
        backlogSeconds: backlogSeconds.optional(),
        page: flag.optional(),
        token: z.string(words.token).regex(PAGE_TOKEN.pattern, words.token).optional(),
        hosts: z.array(text(words.host), words.hosts).optional(),
      }),
    ).optional(),
    log: section({
      level: oneOf(['debug', 'info', 'warn', 'error']).optional(),
      format: oneOf(LOG_FORMATS).optional(),
    }).optional(),
    assumptions: z.record(z.string(), text(), words.assumptionsShape).optional(),
    locale: oneOf(Object.keys(presets) as (keyof typeof presets)[]).optional(),
  });
}
