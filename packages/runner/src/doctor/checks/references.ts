import type { JobReference } from '@jobsweep/core';
import { type Check, many, NO_DIAGNOSIS } from '../check.js';
import type { Finding } from '../diagnosis.js';

/** Other tables that point at jobs: what a purge meets there. */
export const references: Check = {
  name: 'references',
  needsTables: true,
  async run({ diagnosis, store, strategies, signal }) {
    if (diagnosis === undefined) return NO_DIAGNOSIS;
    const found = await diagnosis.references({ signal });
    if (found === null) return { summary: 'the database has no foreign keys', facts: { references: [] } };
    const purges = strategies.some(({ rule }) => rule.name === 'old_job_cleanup');
    const hasAllocations = store.capabilities.strategies.includes('completed_job_cleanup');
    return {
      summary: summaryOf(found),
      findings: [
        ...(hasAllocations && !found.some(({ isMapped }) => isMapped) ? [NO_KEY] : []),
        ...found.flatMap((reference) => referenceFindings(reference, purges)),
      ],
      facts: { references: found },
    };
  },
};

function summaryOf(found: readonly JobReference[]): string {
  if (found.length === 0) return 'no table points at jobs';
  const pointing = `${many(found.length, 'table points', 'tables point')} at jobs`;
  return found.every(({ isIndexed }) => isIndexed) ? `${pointing}, with an index` : pointing;
}

const NO_KEY: Omit<Finding, 'check'> = {
  severity: 'info',
  subject: 'allocations.jobId',
  problem: 'No foreign key that this user can see ties allocations to their job',
  fix: 'Add one, so that no allocation can lose its job; jobsweep works without',
};

function referenceFindings(reference: JobReference, purges: boolean): Omit<Finding, 'check'>[] {
  const { table, columns, constraint, onDelete, isIndexed, isMapped } = reference;
  const severity = purges ? 'warning' : 'info';
  const subject = `${table} (${columns.join(', ')})`;
  const findings: Omit<Finding, 'check'>[] = [];
  if (!isMapped && onDelete === 'blocks') {
    const problem = `Its rows keep jobs from being deleted (${constraint})`;
    findings.push({
      severity,
      subject,
      problem,
      fix: 'Delete or detach such rows before; until then these jobs stay, named as blocked',
    });
  }
  if (!isMapped && onDelete === 'cascades') {
    const problem = `Its rows are deleted with their job (${constraint})`;
    findings.push({ severity, subject, problem, fix: 'Make sure that this is meant before old_job_cleanup is on' });
  }
  if (!isMapped && onDelete === 'sets') {
    const problem = `Its rows lose their job when that is deleted (${constraint})`;
    findings.push({ severity: 'info', subject, problem, fix: 'Nothing, if that is meant' });
  }
  // Of the mapped table, `indexes` knows better.
  if (!isIndexed && !isMapped) {
    const problem = 'Without an index, deleting a job reads this whole table';
    findings.push({ severity, subject, problem, fix: `Create an index that begins with ${columns.join(', ')}` });
  }
  return findings;
}
