import type { Update, WriteOptions } from '@jobsweep/core';
import { withOperations, withTx } from './broken-store.js';
import { WHY } from './circumstances.js';
import type { Variant } from './variant.js';

/** Updates that write other values than they are told. */
const writing = (other: (set: Update['set']) => Update['set']) =>
  withTx((tx) => ({ update: (table, update) => tx.update(table, { ...update, set: other(update.set) }) }));

/** Updates that leave one column as it is, however the database spells its name. */
const leaving = (word: string) =>
  writing((set) => Object.fromEntries(Object.entries(set).filter(([column]) => plain(column) !== plain(word))));

const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

/** Write options whose outcome is changed on its way. */
const reporting = <Row>(
  options: WriteOptions<Row> | undefined,
  change: (outcome: Parameters<NonNullable<WriteOptions<Row>['onOutcome']>>[0]) => typeof outcome,
): WriteOptions<Row> => ({ ...options, onOutcome: (outcome) => options?.onOutcome?.(change(outcome)) });

/** Faults in what is written, and in what is said about it. */
export const writeVariants: readonly Variant[] = [
  {
    name: 'no-message',
    fault: 'a job is failed without its message',
    failsIn: 'markJobsAsFailed > writes state, end, message and exit code -2:0, and nothing else of any row',
    broken: leaving('errorMsg'),
  },
  {
    name: 'no-exit-code',
    fault: 'a job is failed without an exit code',
    failsIn:
      'cleanupStaleReservations > fails the job with exit code -3:0 and releases the reservation, and writes nothing else',
    broken: leaving('exitCode'),
  },
  {
    name: 'no-end',
    fault: 'a job is failed without an end',
    failsIn: 'markJobsAsFailed > returns the jobs that it marked as they are now, ready to be handed on',
    broken: leaving('endTime'),
  },
  {
    name: 'no-release-time',
    fault: 'an allocation is released without a time',
    failsIn:
      'releaseResourcesForCompletedJobs > writes status and release time of the given allocations, and nothing else of any row',
    broken: leaving('releasedTime'),
  },
  {
    name: 'other-columns-written',
    fault: 'a row is written whole, columns that nobody mapped included',
    failsIn:
      'releaseResourcesForJobs > releases every unreleased allocation of the given jobs, and writes nothing else of any row',
    broken: writing((set) => ({ ...set, note: { value: null } })),
  },
  {
    name: 'failed-and-not-released',
    fault: 'the job of a stale reservation is failed, and its reservation stays',
    failsIn: 'cleanupStaleReservations > cleans all stale reservations of a job together',
    broken: withTx((tx) => ({
      update: async (table, update) => ('status' in update.set ? [] : tx.update(table, update)),
    })),
  },
  {
    name: 'contended-not-reported',
    fault: 'rows that others hold are passed over in silence',
    failsIn: 'markJobsAsFailed > leaves a job that somebody else holds, reports it as contended, and does the rest',
    hiddenWhere: { locksAtCommit: WHY.noneIsLeft },
    broken: withOperations(({ markJobsAsFailed }) => ({
      markJobsAsFailed: (session, jobs, errorMsg, exitCode, options) => {
        const silent = reporting(options, ({ changed }) => ({ changed, contended: [] }));
        return markJobsAsFailed(session, jobs, errorMsg, exitCode, silent);
      },
    })),
  },
  {
    name: 'changed-over-reported',
    fault: 'all rows that were given are reported as changed',
    failsIn: 'markJobsAsFailed > passes over a job that has become "COMPLETED" since it was read',
    broken: withOperations(({ markJobsAsFailed }) => ({
      markJobsAsFailed: (session, jobs, errorMsg, exitCode, options) => {
        const boasting = reporting(options, ({ contended }) => ({ changed: jobs, contended }));
        return markJobsAsFailed(session, jobs, errorMsg, exitCode, boasting);
      },
    })),
  },
  {
    name: 'given-twice-counted-twice',
    fault: 'a row that is given twice counts twice',
    failsIn: 'deleteJobsBatch > counts a job that it is given twice once',
    broken: withOperations(({ deleteJobsBatch }) => ({
      deleteJobsBatch: async (session, jobs, options) =>
        (await deleteJobsBatch(session, jobs, options)) === 0 ? 0 : jobs.length,
    })),
  },
];
