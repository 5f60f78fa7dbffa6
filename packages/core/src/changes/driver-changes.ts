import { allOf, type Condition, EVERY, isIn, not } from '../driver/condition.js';
import type { Query, Tx } from '../driver/driver.js';
import { keyText } from '../driver/exact.js';
import { invalidOption, throwIfAborted } from '../errors.js';
import type { Place } from '../model.js';
import type { DriverRepository } from '../repository/driver-repository.js';
import type { GetOptions } from '../repository.js';
import { usesOf } from '../rules/uses.js';
import type { Own } from '../service/own.js';
import { TEXT_LIMITS } from '../service/own-columns.js';
import { nameOf } from '../service/own-names.js';
import { pruneOldest } from '../service/prune.js';
import { pageLimit } from '../service/requests.js';
import { endOfTurnsUntil } from '../service/turn-names.js';
import { STRATEGY_NAMES } from '../strategies/names.js';
import { ChangeRows, type KeptChange, READ_COLUMNS } from './change-rows.js';
import type { Change, Changes, ChangesOf, PutBack } from './changes.js';
import { KeptParts } from './kept-values.js';
import { putBack } from './put-back.js';
import { checkedId, rangeOf } from './turn-changes.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 5000;
/** Rows that one statement counts, and all of them. */
const COUNTED_ROWS = 5000;
const COUNT_AT_MOST = 100_000;
/** Rows that one statement looks up by their ids. */
const ASKED_ROWS = 500;

/** The changes of a turn, by their ids, that meet a condition. */
interface Range extends Required<Pick<Query, 'after' | 'upTo'>> {
  readonly where: Condition;
}

/** What turns have changed, on any database that has a driver. */
export function driverChanges<Session>(own: Own<Session>, repository: DriverRepository<Session>): Changes<Session> {
  const { context } = repository;
  const { changes: table, values } = own;
  const rows = new ChangeRows(own, context);
  const parts = new KeptParts();
  const ofJobs = (jobs: readonly string[]): Condition => {
    const keys = jobs.flatMap((id) => context.values.keysOf(context.mapped.jobs.rows, id, undefined));
    return isIn('job_key', keys.map(keyText));
  };
  const asked = ({ pass, jobs }: ChangesOf): Range => {
    if (typeof pass !== 'string' || !/^[0-9a-f]{20}$/.test(pass))
      throw invalidOption('pass', pass, 'give `pass` of an entry of the history');
    const { first, last } = rangeOf(pass);
    return {
      after: { key: [exactId(first)] },
      upTo: { key: [exactId(last)] },
      where: jobs === undefined ? EVERY : ofJobs(jobs),
    };
  };
  const exactId = (id: string) => values.keysOf(table, id, undefined)[0]?.[0] ?? id;
  const page = async (
    tx: Tx,
    { where, ...range }: Range,
    after: { readonly id: string } | undefined,
    limit: number,
  ) => {
    const behind = after === undefined ? range.after : { key: [exactId(checkedId(after.id))] };
    const found = await own.page(tx, { table, where, columns: READ_COLUMNS, ...range, after: behind, limit });
    return found.map((row) => rows.toChange(row));
  };
  return {
    keptColumns(rules) {
      const uses = [...STRATEGY_NAMES, ...rules].flatMap((rule) => usesOf(context.mapped, rule));
      return [...new Set(uses.flatMap(({ writes }) => writes))].sort();
    },

    async read({ after, limit, signal, ...of }) {
      throwIfAborted(signal);
      return own.run('read', (tx) => page(tx, asked(of), after, pageLimit(limit, DEFAULT_LIMIT)), { signal });
    },

    async count({ signal, ...of }) {
      const { where, ...range } = asked(of);
      const counts = { rows: 0, deleted: 0, undone: 0 };
      let { after } = range;
      do {
        throwIfAborted(signal);
        const query = {
          table,
          where,
          columns: ['undone_at'],
          labels: IS_DELETED,
          ...range,
          after,
          limit: COUNTED_ROWS,
        };
        const found = await own.run('read', (tx) => own.page(tx, query), { signal });
        counts.rows += found.length;
        counts.deleted += found.filter(({ labels }) => labels?.deleted === 'deleted').length;
        counts.undone += found.filter(({ columns }) => columns.undone_at !== null).length;
        const last = found.at(-1);
        after = found.length === COUNTED_ROWS && counts.rows < COUNT_AT_MOST && last ? { key: last.key } : undefined;
      } while (after !== undefined);
      return counts;
    },

    prune(options) {
      const keyUntil = (instant: bigint) => [exactId(endOfTurnsUntil(instant))];
      return pruneOldest(own, table, { time: 'changed_at', keyUntil }, options);
    },

    getUndoable: (session, of, options) => pageOf(session, of, options, allOf(not(IS_GONE), not(IS_UNDONE))),

    getDeletedJobs(session, of, options) {
      const ofJobs = isIn('table_name', [nameOf(context.mapped.jobs.rows).slice(0, TEXT_LIMITS.table_name)]);
      return pageOf(session, of, options, allOf(IS_GONE, ofJobs));
    },

    async putBack(session, changes, { dryRun = false } = {}) {
      const given = changes.map((change) => rows.partsOf(change));
      const use = dryRun ? 'read' : 'write';
      return repository.within(session, use, async (tx) =>
        own.within(
          session,
          async (ownTx): Promise<PutBack> => {
            const outcome = await putBack(
              { tx, context, parts, changesOf: (ids) => changesOfJobs(ownTx, ids), dryRun },
              given,
            );
            if (!dryRun) await noteUndone(ownTx, outcome.undone);
            return outcome;
          },
          use,
        ),
      );
    },
  };

  /** In an open transaction: a page of the changes of a turn that meet a condition. */
  async function pageOf(
    session: Session,
    of: ChangesOf,
    { after, limit, signal }: GetOptions<Change | Place>,
    condition: Condition,
  ): Promise<Change[]> {
    throwIfAborted(signal);
    const range = asked(of);
    const met = { ...range, where: allOf(range.where, condition) };
    return own.within(session, (tx) => page(tx, met, after, pageLimit(limit, DEFAULT_LIMIT, MAX_LIMIT)), 'read');
  }

  async function changesOfJobs(tx: Tx, ids: readonly string[]) {
    const found = new Map<string, KeptChange>();
    for (let from = 0; from < ids.length; from += ASKED_ROWS) {
      const some = ids.slice(from, from + ASKED_ROWS);
      const where = isIn(String(table.key[0]), some);
      for (const row of await tx.page({ table, where, columns: READ_COLUMNS, limit: some.length })) {
        const kept = rows.partsOf(rows.toChange(row));
        found.set(keyText(kept.key), kept);
      }
    }
    return found;
  }

  async function noteUndone(tx: Tx, undone: readonly Change[]): Promise<void> {
    if (undone.length === 0) return;
    const keys = undone.flatMap(({ id }) => values.keysOf(table, id, undefined));
    const set = { undone_at: { time: tx.now } } as const;
    await tx.update(table, {
      rows: keys.map((key) => ({ key, columns: {} })),
      set,
      guard: not(IS_UNDONE),
      columns: [],
    });
  }
}

const IS_UNDONE: Condition = { time: 'undone_at', isSet: true };
/** That the row was deleted. */
const IS_GONE = isIn('new_values', [null]);
const IS_DELETED = { deleted: [{ when: IS_GONE, label: 'deleted' }] };
