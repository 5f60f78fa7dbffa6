import { type Key, keyText } from '../driver/exact.js';
import type { Row } from '../driver/row.js';
import { requireTransactions } from '../protocol/delete.js';
import { itself, PAGE_AND_ONE } from '../protocol/related.js';
import type { DriverRepository } from '../repository/driver-repository.js';
import { rangeOf } from '../repository/range.js';
import { read } from '../repository/read-pages.js';
import type { Archive, ArchivedJob } from './archive.js';
import type { ArchiveTables } from './archive-tables.js';
import { keysOf, RestoringRows } from './restore-rows.js';

/** For adapters: the archive on any database that has a driver. `undefined`: nobody maps one. */
export function driverArchive<Session>(
  repository: DriverRepository<Session>,
  tables: ArchiveTables | undefined,
): Archive<Session> | undefined {
  const { context } = repository;
  const { mapped, rules, values } = context;
  const archive = mapped.archiveOf(mapped.jobs.rows);
  if (archive === undefined || tables === undefined) return undefined;
  const { rows: table } = archive;
  const columns = [mapped.jobs.columns.name];
  const toJob = ({ key, columns: { [mapped.jobs.columns.name]: name = null } }: Row): ArchivedJob => ({
    ...{ id: values.idOf(key), name: values.text(name) ?? '', version: { id: keyText(key) } },
  });
  return {
    ...tables,

    getJobs: (session, page) =>
      repository.within(session, 'read', async (tx) => {
        const query = { table, where: rules.isCovered(), columns, ...(await rangeOf(tx, context, table, page)) };
        return read(tx, query, toJob, page);
      }),

    findJobs: (session, ids) =>
      repository.within(session, 'read', async (tx) => {
        const parents = ids.flatMap((id) => values.keysOf(table, id, undefined));
        if (parents.length === 0) return [];
        const link = itself(table);
        const query = {
          link,
          parents,
          where: rules.isCovered(),
          order: 'parent',
          columns,
          limit: PAGE_AND_ONE,
        } as const;
        const rows = await tx.related({ ...query, columns: [...columns, ...table.key] });
        // To some databases a text that begins with a number is that number.
        const asked = new Set(parents.map(keyText));
        return rows.filter(({ key }) => asked.has(keyText(key))).map(toJob);
      }),

    restore: (session, jobs, { dryRun = false } = {}) =>
      repository.within(session, dryRun ? 'read' : 'write', async (tx) => {
        const restoring = new RestoringRows(tx, context);
        const keys = jobs.flatMap(({ id, version }) => values.keysOf(table, id, version.id));
        const those = (meant: ReadonlySet<string>) =>
          jobs.filter(({ id, version }) => values.keysOf(table, id, version.id).some((key) => meant.has(keyText(key))));
        if (dryRun) {
          const due = await restoring.whole(keys);
          return { restored: those(textsOf(due)), staying: restoring.staying, contended: [] };
        }
        requireTransactions(tx, mapped);
        const { rows, held } = await tx.lock(table, keys, { columns: [] }, rules.isCovered());
        const back = await restoring.restore(rows);
        return { restored: those(textsOf(keysOf(back))), staying: restoring.staying, contended: those(textsOf(held)) };
      }),
  };
}

const textsOf = (keys: readonly Key[]): ReadonlySet<string> => new Set(keys.map(keyText));
