import { allOf, type Condition, isIn, not } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { keyText } from '../driver/exact.js';
import { invalidOption, throwIfAborted } from '../errors.js';
import type { DriverRepository } from '../repository/driver-repository.js';
import type { Own } from '../service/own.js';
import { pruneOldest } from '../service/prune.js';
import { idKey, pageLimit } from '../service/requests.js';
import { ChangeRows, READ_COLUMNS } from './change-rows.js';
import type { Change, Changes, ChangesOf, PutBack } from './changes.js';
import { putBack } from './put-back.js';

const DEFAULT_LIMIT = 100;

/** What turns have changed, on any database that has a driver. */
export function driverChanges<Session>(own: Own<Session>, repository: DriverRepository<Session>): Changes<Session> {
  const { context } = repository;
  const { changes: table, values } = own;
  const rows = new ChangeRows(own, context);
  const ofJobs = (jobs: readonly string[]): Condition => {
    const keys = jobs.flatMap((id) => context.values.keysOf(context.mapped.jobs.rows, id, undefined));
    return isIn('job_key', keys.map(keyText));
  };
  const asked = ({ pass, jobs }: ChangesOf): Condition => {
    if (typeof pass !== 'string' || pass === '')
      throw invalidOption('pass', pass, 'give `pass` of an entry of the history');
    return allOf(isIn('pass', [pass]), ...(jobs === undefined ? [] : [ofJobs(jobs)]));
  };
  const page = async (tx: Tx, where: Condition, after: { readonly id: string } | undefined, limit: number) => {
    const behind = after && { key: idKey(own, table, after.id) };
    const found = await own.page(tx, { table, where, columns: READ_COLUMNS, after: behind, limit });
    return found.map((row) => rows.toChange(row));
  };
  return {
    async read({ after, limit, signal, ...of }) {
      throwIfAborted(signal);
      return own.run('read', (tx) => page(tx, asked(of), after, pageLimit(limit, DEFAULT_LIMIT)), { signal });
    },

    async count({ signal, ...of }) {
      throwIfAborted(signal);
      const where = asked(of);
      const each = [where, allOf(where, isIn('new_values', [null])), allOf(where, IS_UNDONE)];
      const count = (tx: Tx) => tx.count(...each.map((condition) => ({ table, where: condition })));
      const [all, deleted, undone] = await own.run('read', count, { signal });
      return { rows: all?.rows ?? 0, deleted: deleted?.rows ?? 0, undone: undone?.rows ?? 0 };
    },

    prune: (options) => pruneOldest(own, table, 'changed_at', options),

    async getUndoable(session, of, { after, limit, signal }) {
      throwIfAborted(signal);
      const where = allOf(asked(of), not(isIn('new_values', [null])), not(IS_UNDONE));
      return own.within(session, (tx) => page(tx, where, after, pageLimit(limit, DEFAULT_LIMIT, 5000)), 'read');
    },

    async putBack(session, changes, { dryRun = false } = {}) {
      const given = changes.map((change) => rows.partsOf(change));
      const use = dryRun ? 'read' : 'write';
      return repository.within(session, use, async (tx) =>
        own.within(
          session,
          async (ownTx): Promise<PutBack> => {
            const outcome = await putBack(tx, context, { tx: ownTx, table, rows }, given, dryRun);
            if (!dryRun) await noteUndone(ownTx, outcome.undone);
            return outcome;
          },
          use,
        ),
      );
    },
  };

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
