import type { JobReference } from '@jobsweep/core';
import type { Words } from '../../words/words.js';
import { type Check, noDiagnosis } from '../check.js';
import type { Finding } from '../diagnosis.js';

/** Other tables that point at jobs: what a purge meets there. */
export const references: Check = {
  name: 'references',
  needsTables: true,
  async run(context) {
    const { diagnosis, store, strategies, words, signal } = context;
    if (diagnosis === undefined) return noDiagnosis(context);
    const found = await diagnosis.references({ signal });
    if (found === null) return { summary: words.noForeignKeys, facts: { references: [] } };
    const isPurged = strategies.some(({ rule }) => rule.name === 'old_job_cleanup');
    const hasAllocations = store.capabilities.strategies.includes('completed_job_cleanup');
    return {
      summary: summaryOf(found, words),
      findings: [
        ...(hasAllocations && !found.some(({ mappedAs }) => mappedAs === 'allocations')
          ? [{ severity: 'info' as const, subject: 'allocations.jobId', ...words.noKey }]
          : []),
        ...found.flatMap((reference) => referenceFindings(reference, isPurged ? 'warning' : 'info', words)),
      ],
      facts: { references: found },
    };
  },
};

function summaryOf(found: readonly JobReference[], words: Words['doctor']): string {
  if (found.length === 0) return words.noReferences;
  return words.references(
    found.length,
    found.every(({ isIndexed }) => isIndexed),
  );
}

function referenceFindings(
  { table, columns, constraint, through, onDelete, isIndexed, mappedAs }: JobReference,
  severity: Finding['severity'],
  words: Words['doctor'],
): Omit<Finding, 'check'>[] {
  // Of mapped tables, `indexes` knows better.
  if (mappedAs !== null) return [];
  const subject = `${table} (${columns.join(', ')})${through === undefined ? '' : ` -> ${through}`}`;
  const meaning: Omit<Finding, 'check'> = {
    severity: onDelete === 'sets' ? 'info' : severity,
    subject,
    ...words[onDelete](constraint ?? ''),
  };
  return isIndexed ? [meaning] : [meaning, { severity, subject, ...words.readsWhole(columns.join(', ')) }];
}
