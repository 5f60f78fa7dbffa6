import type { IndexAdvice, ReadCost, StoreDiagnosis } from '@jobsweep/core';
import type { Words } from '../../words/words.js';
import { type Check, type CheckContext, noDiagnosis } from '../check.js';
import type { Finding, IndexState, RuleCost } from '../diagnosis.js';

/** Indexes that the strategies need: names what is missing, makes it where asked to, and measures. */
export const indexes: Check = {
  name: 'indexes',
  needsTables: true,
  async run(context) {
    const { diagnosis, strategies, applyIndexes, words, signal } = context;
    if (diagnosis === undefined) return noDiagnosis(context);
    const advised = await diagnosis.indexes(
      strategies.map(({ rule }) => rule),
      { signal },
    );
    const before = await costs(diagnosis, context);
    const found = applyIndexes
      ? await makeMissing(diagnosis, advised, signal)
      : advised.map((one) => ({ ...one, wasMade: false }));
    const views = [...new Set(found.filter(({ isView }) => isView).map(({ table }) => table))];
    const made = found.filter(({ wasMade }) => wasMade);
    const after = made.length > 0 ? await costs(diagnosis, context) : new Map<string, ReadCost>();
    const measured: RuleCost[] = [...before].map(([strategy, cost]) => ({
      strategy,
      before: cost,
      after: after.get(strategy) ?? null,
    }));
    return {
      summary:
        made.length > 0 ? words.indexesMade(made.map(({ name }) => name).join(', ')) : words.indexesFit(found.length),
      findings: [
        ...views.map((table) => viewFinding(table, found, words)),
        ...found.filter(isMissing).map(({ name, table, columns, strategies: users, statement }) => ({
          severity: 'warning' as const,
          subject: `${table} (${columns.join(', ')})`,
          ...words.indexMissing(name, users.join(', ')),
          statement,
        })),
      ],
      facts: { indexes: found, costs: measured },
    };
  },
};

const isMissing = ({ servedBy, wasMade, isView }: IndexState): boolean => servedBy === null && !wasMade && !isView;

/** Nothing can be made on a view, and nobody can tell what serves it. */
function viewFinding(table: string, found: readonly IndexState[], words: Words['doctor']): Omit<Finding, 'check'> {
  const wanted = found.filter((one) => one.table === table).map(({ columns }) => `(${columns.join(', ')})`);
  return { severity: 'info', subject: table, ...words.view(wanted.join(', ')) };
}

async function makeMissing(
  diagnosis: StoreDiagnosis,
  advised: readonly IndexAdvice[],
  signal: AbortSignal | undefined,
): Promise<IndexState[]> {
  const states: IndexState[] = [];
  for (const advice of advised) {
    const wasMade = advice.servedBy === null && !advice.isView;
    if (wasMade) await diagnosis.createIndex(advice, { signal });
    states.push({ ...advice, wasMade });
  }
  return states;
}

async function costs(
  diagnosis: StoreDiagnosis,
  { measure, strategies, signal }: CheckContext,
): Promise<Map<string, ReadCost>> {
  const found = new Map<string, ReadCost>();
  if (!measure) return found;
  for (const { name, rule } of strategies) found.set(name, await diagnosis.cost(rule, { signal }));
  return found;
}
