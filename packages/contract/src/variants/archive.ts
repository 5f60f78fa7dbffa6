import { EVERY, type Table } from '@jobsweep/core';
import { withTx } from './broken-store.js';
import { WHY } from './circumstances.js';
import type { Variant } from './variant.js';

const isJobs = ({ name }: Table): boolean => name === 'jobs';
const isArchive = ({ name }: Table): boolean => name.endsWith('_archive');

/** Faults in how deleted rows are kept and put back. */
export const archiveVariants: readonly Variant[] = [
  {
    name: 'archives-jobs-alone',
    fault: 'jobs are kept, and their allocations are not',
    failsIn: 'an archive > keeps what is deleted, each column to the letter: jobs and their allocations',
    hiddenWhere: { noArchive: WHY.noArchive },
    broken: withTx((tx) => ({
      copy: async (copy) => (isJobs(copy.from) ? tx.copy(copy) : copy.keys.length),
    })),
  },
  {
    name: 'archives-what-it-was-given',
    fault: 'jobs are kept as they are locked, whether they go or not',
    failsIn: 'an archive > keeps nothing of a job that, since it was read, was queued again',
    hiddenWhere: { noArchive: WHY.noArchive },
    broken: withTx((tx) => ({
      async lock(table, keys, ...given) {
        const to = { ...table, name: `${table.name}_archive` };
        if (isJobs(table)) await tx.copy({ from: table, to, keys, where: EVERY, columnsOf: 'from' });
        return tx.lock(table, keys, ...given);
      },
    })),
  },
  {
    name: 'archives-once',
    fault: 'what the archive has of a key is in the way of what is deleted later',
    failsIn: 'an archive > has what was deleted last where a key was used again',
    hiddenWhere: { noArchive: WHY.noArchive },
    broken: withTx((tx) => ({
      remove: async (table, rows, guard) => (isArchive(table) ? [] : tx.remove(table, rows, guard)),
    })),
  },
  {
    name: 'archives-on-top',
    fault: 'what hung on an earlier job is taken for what hung on the one with its key',
    failsIn: 'an archive > has what was deleted last where a key was used again',
    hiddenWhere: { noArchive: WHY.noArchive },
    broken: withTx((tx) => ({
      lockRelated: async (query) => (isArchive(query.link.to) ? { rows: [], held: [] } : tx.lockRelated(query)),
      countRelated: async (link, parents, where) =>
        isArchive(link.to) ? new Map() : tx.countRelated(link, parents, where),
    })),
  },
  {
    name: 'restores-over',
    fault: 'what comes back goes over what is there',
    failsIn: 'an archive > gives nothing back over a row that is there, nor what belongs to it, and names it',
    hiddenWhere: { noArchive: WHY.noArchive },
    broken: withTx((tx) => ({
      countRelated: async (link, parents, where) =>
        link.on.every(([from, to]) => from === to) ? new Map() : tx.countRelated(link, parents, where),
    })),
  },
  {
    name: 'restores-and-keeps',
    fault: 'what has come back is still in the archive',
    failsIn: 'an archive > gives back all that was deleted, each column to the letter, and has none of it then',
    hiddenWhere: { noArchive: WHY.noArchive },
    broken: withTx((tx) => ({
      remove: async (table, rows, guard) =>
        isArchive(table) ? rows.map(({ key }) => key) : tx.remove(table, rows, guard),
    })),
  },
];
