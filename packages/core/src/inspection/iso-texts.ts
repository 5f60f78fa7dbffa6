import { EVERY } from '../driver/condition.js';
import type { Tx } from '../driver/driver.js';
import { type Exact, exactUnset } from '../driver/exact.js';
import { microsOfIsoText } from '../driver/iso-text.js';
import { insteadOf } from '../errors.js';
import type { Mapped } from '../rules/mapped.js';
import type { SchemaFinding } from './inspection.js';
import { mappedTables } from './mapped-columns.js';
import { schemaFinding } from './schema-finding.js';
import type { SchemaMistake } from './schema-mistake.js';

const NEWEST_ROWS = 100;
const SHOWN = 40;

type ReadTx = Pick<Tx, 'page'>;

/** Why a text is no time of an `isoText` column; `undefined`: it is one, or one that means "not set". */
export function whyNotIsoText(text: string, unset: readonly (string | number)[]): SchemaMistake | undefined {
  if (microsOfIsoText(text) !== null || unset.some((value) => exactUnset(value, 'isoText') === text)) return undefined;
  return { kind: 'isoText', value: text.slice(0, SHOWN) };
}

/**
 * Columns of ISO texts that hold others among the newest hundred rows: what is not in order as its time is would be found too
 * early or too late, so no strategy may go by it.
 *
 * @param findings what is known to be wrong already: tables and columns of these are not looked at.
 * @param inTransaction looks in a transaction that only reads.
 */
export async function isoTextFindings(
  mapped: Mapped,
  findings: readonly SchemaFinding[],
  inTransaction: (look: (tx: ReadTx) => Promise<SchemaFinding[]>) => Promise<SchemaFinding[]>,
): Promise<SchemaFinding[]> {
  const wrong = new Set(findings.map(({ path }) => path));
  const asked = mappedTables(mapped).flatMap(({ path, table, columns }) => {
    const texts = columns.filter(({ kind, path: at }) => kind === 'isoText' && !wrong.has(at));
    return texts.length === 0 || wrong.has(path) ? [] : [{ table, texts }];
  });
  if (asked.length === 0) return [];
  const found = inTransaction(async (tx) => {
    const found: SchemaFinding[] = [];
    for (const { table, texts } of asked) {
      const columns = texts.map(({ column }) => column);
      const rows = await tx.page({ table, where: EVERY, columns, descending: true, limit: NEWEST_ROWS });
      for (const { path, column } of texts) {
        const unset = table.times.get(column)?.unset ?? [];
        const whyNot = (exact: Exact | undefined) => (exact == null ? undefined : whyNotIsoText(exact, unset));
        const mistake = rows.map((row) => whyNot(row.columns[column])).find((each) => each !== undefined);
        if (mistake !== undefined) found.push(schemaFinding(path, mistake));
      }
    }
    return found;
  });
  return found.catch(insteadOf('PERMISSION_DENIED', []));
}
