import { type Clock, systemClock } from '../clock.js';
import { invalidOption } from '../errors.js';
import { type Logger, safeLogger, silentLogger } from '../logger.js';
import type { CleanupRow } from '../model.js';
import { DEFAULT_BATCH_ROWS } from '../pass/batch-size.js';
import { checkHooks, type RepairHooks } from '../pass/hooks.js';
import type { PassResult } from '../pass/result.js';
import type { CleanupRepository, CountOptions, GetOptions, WriteOptions, WriteOutcome } from '../repository.js';
import { en } from '../texts/en.js';
import { fill, type Texts } from '../texts/texts.js';
import type { StrategyDefinition } from './definitions.js';
import type { Rule } from './rule.js';
import type { CleanupOptions, CleanupResult, CleanupStrategy, StrategyMetadata } from './strategy.js';

/** What all strategies can be told. Its hooks are about rows of the strategy, and in a session of the store. */
export interface StrategyOptions<Row extends CleanupRow = CleanupRow, Session = unknown>
  extends RepairHooks<Row, Session> {
  /** Default: the strategy's `metadata.enabledByDefault`. */
  readonly enabled?: boolean;
  /** Default: the strategy's own, see docs/strategies.md. */
  readonly intervalSeconds?: number;
  /** How long one pass may take. Default: the strategy's own, see docs/strategies.md. */
  readonly timeoutSeconds?: number;
  /** Default: silent. */
  readonly logger?: Logger;
  /** Default: the English preset, `presets.en`. */
  readonly texts?: Texts;
  /** For the ages in texts. Default: this machine's clock. */
  readonly clock?: Clock;
}

/** A strategy's count is shown as "10000+" from here on. */
const COUNT_AT_MOST = 10_000;
const MAX_LIMIT = 1_000_000;

/**
 * Makes the hooks of a strategy out of three things it says itself: `find`, `repair` and `describe`. Any hook can be
 * overridden.
 *
 * @example
 * class EndlessJobs<Session> extends BaseCleanupStrategy<Session, Job> {
 *   find(session: Session, page: GetOptions<Job>) {
 *     return this.repository.getStuckJobs(session, 24 * 30, page);
 *   }
 *   repair(session: Session, jobs: readonly Job[], options: WriteOptions<Job>) {
 *     return this.repository.markJobsAsFailed(session, jobs, 'Ran for a month', '-9:0', options);
 *   }
 *   describe(job: Job) {
 *     return `Job ${job.id} is endless`;
 *   }
 * }
 */
export abstract class BaseCleanupStrategy<Session, Row extends CleanupRow> implements CleanupStrategy<Session, Row> {
  readonly name: string;
  readonly description: string;
  readonly metadata: StrategyMetadata;
  readonly intervalSeconds: number;
  readonly enabled: boolean | undefined;
  readonly hooks: RepairHooks<Row, Session>;
  protected readonly repository: CleanupRepository<Session>;
  protected readonly logger: Logger;
  protected readonly texts: Texts;
  protected readonly clock: Clock;

  /**
   * Throws `INVALID_OPTION` for a limit, interval or timeout that is no positive number, without description, for a logger
   * that lacks a method, and for a hook that is no function.
   */
  constructor(
    definition: StrategyDefinition,
    repository: CleanupRepository<Session>,
    options: StrategyOptions<Row, Session> = {},
    limits: Readonly<Record<string, number>> = {},
  ) {
    const { name } = definition;
    const timeoutSeconds = options.timeoutSeconds ?? definition.metadata.timeoutSeconds;
    this.intervalSeconds = options.intervalSeconds ?? definition.intervalSeconds;
    for (const [field, value] of Object.entries({ ...limits, timeoutSeconds, intervalSeconds: this.intervalSeconds })) {
      if (typeof value !== 'number' || !(value > 0 && value <= MAX_LIMIT)) {
        throw invalidOption(`${name}.${field}`, value, `give a number above 0 and at most ${MAX_LIMIT}`);
      }
    }
    checkHooks(`${name}.`, options);
    this.hooks = options;
    this.texts = options.texts ?? en;
    this.logger = safeLogger(options.logger ?? silentLogger);
    this.clock = options.clock ?? systemClock;
    this.repository = repository;
    this.name = name;
    const preset: Readonly<Record<string, string | undefined>> = this.texts.descriptions;
    const description = definition.description ?? preset[name];
    if (description === undefined) {
      throw invalidOption(`${name}.description`, description, 'give a text, since the preset has none of this name');
    }
    this.description = fill(description, limits);
    this.metadata = { ...definition.metadata, timeoutSeconds };
    this.enabled = options.enabled;
  }

  /** Whether this class, or one that extends it, looks before it finds. */
  get hasCheck(): boolean {
    const ours = (name: string): unknown => Reflect.get(BaseCleanupStrategy.prototype, name);
    return ['before', 'count'].some((name) => Reflect.get(this, name) !== ours(name));
  }

  /** A rule of its own, which the tables allow. Throws what `requireRule` of the repository does. */
  protected checked<Own extends Rule>(rule: Own): Own {
    this.repository.requireRule?.(rule);
    return rule;
  }

  abstract find(session: Session, page: GetOptions<Row>): Promise<Row[]>;

  /** Repairs the rows and returns which of them (or how many) really changed. */
  abstract repair(session: Session, rows: readonly Row[], options: WriteOptions<Row>): Promise<number | readonly Row[]>;

  /** One line about a row. Log texts are that of the English preset, whatever the strategy's own one is. */
  abstract describe(row: Row, texts?: Texts): string;

  /** Counts what is due, where the strategy overrides `count`. Otherwise the first page is the check. */
  async before(session: Session, options: CountOptions = {}): Promise<boolean> {
    const { atMost = COUNT_AT_MOST } = options;
    const count = await this.count(session, { ...options, atMost });
    if (count === undefined) return true;
    this.announceCount(count, count < atMost ? String(count) : `${atMost}+`);
    return count > 0;
  }

  async cleanup(session: Session, options: CleanupOptions<Row> = {}): Promise<CleanupResult<Row>> {
    const { rows, ...page } = options;
    const found = rows ?? (await this.find(session, { limit: DEFAULT_BATCH_ROWS, ...page }));
    if (found.length === 0) return { itemsCleaned: 0, found, changed: [], contended: [] };
    const outcomes: WriteOutcome<Row>[] = [];
    const written = await this.repair(session, found, {
      signal: options.signal,
      mayLeave: true,
      onOutcome: (outcome) => outcomes.push(outcome),
    });
    const itemsCleaned = typeof written === 'number' ? written : written.length;
    const { rest: ids = [], ...outcome } = outcomes[0] ?? { changed: changedRows(found, written), contended: [] };
    if (ids.length === 0) return { itemsCleaned, found, ...outcome };
    const isLeft = new Set(ids);
    const changed = new Set(outcome.changed.map(({ id }) => id));
    const rest = found.filter(({ id }) => isLeft.has(id) && !changed.has(id));
    const unfinished = outcome.changed.filter(({ id }) => isLeft.has(id));
    return { itemsCleaned, found, ...outcome, rest, unfinished };
  }

  announce(_rows: readonly Row[]): void {}

  after(_result: PassResult): void | Promise<void> {}

  /** How many rows are due, where the port has a count for it. */
  protected count(_session: Session, _options: CountOptions): Promise<number | undefined> {
    return Promise.resolve(undefined);
  }

  /** Says what `before` counted. `shown` is the count for people, "10000+" where counting stopped. */
  protected announceCount(_count: number, _shown: string): void {}
}

/** For repositories that report no outcome, such as mocks: a bare number names its rows only when it is all of them. */
function changedRows<Row>(found: readonly Row[], written: number | readonly Row[]): readonly Row[] {
  if (typeof written !== 'number') return written;
  return written === found.length ? found : [];
}
