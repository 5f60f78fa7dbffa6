import type { Tx } from '../driver/driver.js';
import { invalidOption, throwIfAborted } from '../errors.js';
import { checkedAtMost } from '../paging.js';
import { DEFAULT_BATCH_ROWS } from '../pass/batch-size.js';
import type { DriverRepository } from '../repository/driver-repository.js';
import { readDue } from '../repository/reads.js';
import type { MappedParts } from '../rules/mapped.js';
import { offeredOf } from '../rules/supported.js';
import type { OwnTableSet } from '../service/own-names.js';
import { ruleName } from '../strategies/rule.js';
import type { RunTransaction } from '../transactions-on.js';
import { archiveFindings } from './archives.js';
import type { Catalog } from './catalog.js';
import type { PrivilegeOptions, StoreDiagnosis } from './diagnosis.js';
import { duePartitions } from './due-partitions.js';
import { groupFindings } from './group-columns.js';
import { indexAdvice } from './index-advice.js';
import type { SchemaFinding, StoreInspection } from './inspection.js';
import { isoTextFindings } from './iso-texts.js';
import { lookWith } from './look.js';
import { looseLinks } from './loose-links.js';
import { mappedTables } from './mapped-columns.js';
import { needsOf } from './needs.js';
import { countOrphans } from './orphans.js';
import { surveyOn } from './survey-on.js';
import { tableFindings } from './table-findings.js';
import { timesAhead } from './times-ahead.js';
import { unknownStates } from './unknown-states.js';

/** What an inspection is made of. */
export interface InspectionParts<Session> {
  readonly repository: DriverRepository<Session>;
  readonly mapping: Pick<MappedParts, 'schema' | 'filters'>;
  readonly transaction: RunTransaction<Session>;
  /** jobsweep's own tables. */
  readonly tables: OwnTableSet;
  /** Absent: the database is asked by no text. */
  readonly measure?: StoreInspection['measure'];
  /** @param signal ends what is asked. */
  readonly catalog: (signal: AbortSignal | undefined) => Catalog;
}

/** For adapters: looks at the tables of a store, by what its database tells of them. */
export function inspectionOn<Session>(parts: InspectionParts<Session>): StoreInspection {
  const { repository, transaction, catalog, measure } = parts;
  const { driver, context } = repository;
  return {
    async schema({ rules = [], signal } = {}) {
      throwIfAborted(signal);
      const tables = mappedTables(context.mapped, rules);
      const look = lookWith(catalog(signal), tables);
      const asking = <Answer>(question: (session: Session) => Promise<Answer>) =>
        transaction(question, { readOnly: true, signal });
      const reading = (question: (tx: Tx) => Promise<SchemaFinding[]>) =>
        asking(async (session) => question(await driver.open(session, 'read')));
      const findings = [
        ...(await look.catalog.findings(tables)),
        ...(await tableFindings(look, tables, context.mapped)),
        ...(await archiveFindings(look, context.mapped, driver, asking)),
      ];
      findings.push(...(await looseLinks(look, context.mapped)), ...(await groupFindings(look, context.mapped)));
      findings.push(...(await isoTextFindings(context.mapped, findings, reading)));
      return [...findings, ...(await timesAhead(look, context, findings, reading))];
    },
    totals: (rule, options = {}) =>
      transaction((session) => repository.totals(session, rule, options), { readOnly: true, signal: options.signal }),
    async server({ signal } = {}) {
      throwIfAborted(signal);
      return catalog(signal).server();
    },
    ...(measure && { measure }),
    diagnosis: diagnosisOn(parts),
    survey: surveyOn(catalog, context.values),
  };
}

function diagnosisOn<Session>(parts: InspectionParts<Session>): StoreDiagnosis {
  const { repository, mapping, transaction, tables, catalog } = parts;
  const { driver, context } = repository;
  const { mapped } = context;
  const needs = ({ strategies: asked, ownTables }: PrivilegeOptions) => {
    const strategies = offeredOf(mapping, asked.map(ruleName));
    const rules = strategies.flatMap((name) => asked.filter((each) => ruleName(each) === name));
    return needsOf(mapped, rules, ownTables ? tables : undefined);
  };
  const ask =
    (signal: AbortSignal | undefined) =>
    <Answer>(question: (tx: Tx) => Promise<Answer>): Promise<Answer> =>
      transaction(async (session) => question(await driver.open(session, 'read')), { readOnly: true, signal });
  return {
    unknownStates: async (options = {}) =>
      unknownStates(context, options, lookWith(catalog(options.signal), mappedTables(mapped)), ask(options.signal)),
    async indexes(asked, { signal } = {}) {
      throwIfAborted(signal);
      const strategies = asked.map(ruleName);
      const isSilent = asked.some(
        (each) => typeof each === 'object' && 'silentMinutes' in each && each.silentMinutes !== undefined,
      );
      return indexAdvice(
        lookWith(catalog(signal), mappedTables(mapped)),
        mapped,
        offeredOf(mapping, strategies),
        isSilent,
      );
    },
    async createIndex(advice, { signal } = {}) {
      throwIfAborted(signal);
      await catalog(signal).createIndex(advice);
    },
    cost: async (rule, { signal } = {}) =>
      catalog(signal).explain((tx) => readDue(tx, context, rule, { limit: DEFAULT_BATCH_ROWS })),
    async references({ signal } = {}) {
      throwIfAborted(signal);
      return catalog(signal).references();
    },
    duePartitions: async (rule, { signal } = {}) => {
      throwIfAborted(signal);
      return duePartitions(catalog(signal), context, rule, (question, { timeoutSeconds }) =>
        transaction(async (session) => question(await driver.open(session, 'read')), {
          readOnly: true,
          timeoutSeconds,
          signal,
        }),
      );
    },
    async oldSnapshots({ signal } = {}) {
      throwIfAborted(signal);
      return catalog(signal).snapshots();
    },
    orphans: async ({ signal, atMost } = {}) => {
      const most = checkedAtMost(atMost);
      return countOrphans(context, most, ask(signal));
    },
    async missingPrivileges(options) {
      throwIfAborted(options.signal);
      return catalog(options.signal).missingPrivileges(needs(options));
    },
    async grants(user, options) {
      throwIfAborted(options.signal);
      if (typeof user !== 'string' || user === '') throw invalidOption('user', user, 'give the name of a user');
      return catalog(options.signal).grants(user, needs(options));
    },
  };
}
