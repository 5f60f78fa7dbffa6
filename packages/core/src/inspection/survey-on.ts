import { EVERY } from '../driver/condition.js';
import { throwIfAborted } from '../errors.js';
import type { Values } from '../rules/values.js';
import type { Catalog } from './catalog.js';
import type { StoreSurvey } from './survey.js';

/** How many rows of a table are counted. */
const NEWEST_ROWS = 100_000;
const MAX_VALUES = 30;

/** A look at whatever tables a database has. */
export function surveyOn(
  catalog: (signal: AbortSignal | undefined) => Catalog,
  shown: Pick<Values, 'shown'>,
): StoreSurvey {
  return {
    async tables({ signal } = {}) {
      throwIfAborted(signal);
      return catalog(signal).tables();
    },
    async describe(tables, { signal } = {}) {
      throwIfAborted(signal);
      return catalog(signal).describe(tables);
    },
    async values({ schema, isOwn, name, key, column }, { signal } = {}) {
      throwIfAborted(signal);
      const table = {
        schema: isOwn ? undefined : schema,
        name,
        key,
        times: new Map(),
        shown: new Map<string, number>(),
      };
      const asked = { table, column, where: EVERY, newest: NEWEST_ROWS, limit: MAX_VALUES + 1 };
      const found = await catalog(signal).values(asked);
      const counted = found.reduce((sum, { rows }) => sum + rows, 0);
      return {
        values: found.slice(0, MAX_VALUES).map(({ value, rows }) => ({
          value: value === null ? null : shown.shown(value),
          rows,
        })),
        hasMore: found.length > MAX_VALUES || counted >= NEWEST_ROWS,
      };
    },
  };
}
