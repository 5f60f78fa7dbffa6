import type { Link, Table } from '../driver/table.js';
import type { Dependent } from '../schema/resolve-dependents.js';
import type { Archive, Mapped } from './mapped.js';

/** What hangs on jobs, in the order in which it is deleted. */
export function hangingOn(mapped: Mapped): readonly Dependent[] {
  const { dependents, hasAllocations } = mapped;
  if (!hasAllocations) return dependents.delete;
  const { ofJob: link, between } = mapped.allocations;
  const allocations = { path: 'schema.allocations', link, dependents: [] };
  // A dependent between both tells whose the allocations are, and they may refer to it: it is the last to go.
  return between === null ? [...dependents.delete, allocations] : [allocations, ...dependents.delete];
}

/** The same in the archive. */
export const archived = (mapped: Pick<Mapped, 'archiveOf'>, dependents: readonly Dependent[]): Dependent[] =>
  dependents.map((each) => ({
    ...each,
    link: archivedLink(mapped, each.link),
    dependents: archived(mapped, each.dependents),
  }));

/** The way from a row of the archive to those that hung on it. */
export function archivedLink(mapped: Pick<Mapped, 'archiveOf'>, link: Link): Link {
  const to = archiveOf(mapped, link.to).rows;
  const { borrowed } = to;
  if (borrowed === undefined) return { ...link, to };
  const from = mapped.archiveOf(borrowed.from)?.rows ?? borrowed.from;
  return { ...link, to: { ...to, borrowed: { ...borrowed, from } } };
}

/** Where deleted rows of a table are kept, as all are or none. */
export function archiveOf(mapped: Pick<Mapped, 'archiveOf'>, table: Table): Archive {
  const archive = mapped.archiveOf(table);
  if (archive === undefined) throw new TypeError(`${table.name} has no archive`);
  return archive;
}
