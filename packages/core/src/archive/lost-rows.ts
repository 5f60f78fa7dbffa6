import { isEvery } from '../driver/condition.js';
import type { Cascade, Driver } from '../driver/driver.js';
import type { Condition, Table } from '../driver/table.js';
import { JobsweepError } from '../errors.js';
import type { Mapped } from '../rules/mapped.js';

/** What would be lost: rows that the database deletes by itself when others are deleted, and that are not archived before. */
export async function lostRows<Session>(
  driver: Pick<Driver<Session>, 'cascades'>,
  { archives, dependents, filters, jobs }: Mapped,
  session: Session,
): Promise<readonly Cascade[]> {
  if (archives.length === 0) return [];
  const deleted = archives.map(({ of }) => of);
  const tables = [jobs.rows, ...deleted.filter((table) => table !== jobs.rows)];
  const known = [...sparing(dependents.keep), ...sparing(filters.exclude), ...tables];
  const cascades = (await driver.cascades?.(session, tables, known)) ?? [];
  // Other jobs that go with one were looked at by nobody.
  return cascades.filter((each) => each.known === null || each.known === jobs.rows);
}

/** The tables of which any row spares its job. */
function sparing(condition: Condition): Table[] {
  if ('any' in condition) return condition.any.flatMap(sparing);
  return 'exists' in condition && condition.newer === undefined && isEvery(condition.where)
    ? [condition.exists.to]
    : [];
}

/** Keeps a purge from rows that would be lost. */
export class NothingLost<Session> {
  private isSure = false;

  constructor(
    private readonly driver: Pick<Driver<Session>, 'cascades'>,
    private readonly mapped: Mapped,
  ) {}

  /** Throws `SCHEMA_MISMATCH` where some would be. Foreign keys are looked up until there are none, and then no more. */
  async require(session: Session): Promise<void> {
    if (this.isSure) return;
    const [first] = await lostRows(this.driver, this.mapped, session);
    if (first !== undefined) {
      const { table, constraint, to } = first;
      const message =
        `Rows of "${table}" are deleted with rows of "${to}" by the foreign key ${constraint}, and are not archived, so ` +
        'nothing was deleted. Name the table in schema.dependents, or change what the key does.';
      throw new JobsweepError('SCHEMA_MISMATCH', message);
    }
    this.isSure = true;
  }
}
