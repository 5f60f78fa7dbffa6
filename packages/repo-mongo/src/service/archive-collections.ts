import { type MappedArchive as Archive, type ArchiveTables, throwIfAborted } from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import { runCommand } from '../session/command.js';
import { describe } from '../session/describe.js';
import { createCollection, ddlOf, type OwnIndex } from './own-tables.js';

/** The collections in which deleted documents are kept. `undefined`: nobody maps any. */
export function archiveCollections(context: MongoContext, archives: readonly Archive[]): ArchiveTables | undefined {
  if (archives.length === 0) return undefined;
  const missing = async (signal: AbortSignal | undefined) => {
    const found: Archive[] = [];
    for (const archive of archives) {
      throwIfAborted(signal);
      if ((await describe(context, archive.rows.name)) === undefined) found.push(archive);
    }
    return found;
  };
  return {
    ddl: async ({ signal } = {}) =>
      (await missing(signal)).flatMap((archive) => ddlOf(archive.rows.name, indexesOf(archive))),
    async create({ signal } = {}) {
      const made: string[] = [];
      for (const archive of await missing(signal)) {
        throwIfAborted(signal);
        const { name } = archive.rows;
        if (await createCollection(context, name)) made.push(name);
        const indexes = indexesOf(archive);
        if (indexes.length > 0) await runCommand(context, { createIndexes: name, indexes });
      }
      return made;
    },
  };
}

/** A key that is no `_id` has none of its own. */
function indexesOf({ rows: { key } }: Archive): OwnIndex[] {
  if (key.length === 1 && key[0] === '_id') return [];
  return [{ name: 'jobsweep_key', key: Object.fromEntries(key.map((field) => [field, 1])), unique: true }];
}
