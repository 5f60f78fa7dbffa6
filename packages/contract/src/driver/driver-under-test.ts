import {
  type Driver,
  EVERY,
  type Exact,
  type Key,
  type Row,
  type Table,
  type Tx,
  toMicros,
  Values,
} from '@jobsweep/core';
import { expect } from 'vitest';
import type { ContractSubject, Driven, Layout, TableName } from '../cluster.js';
import { type ClusterUnderTest, useCluster } from '../support/under-test.js';

/** A driver on the tables of a cluster, in the words of the suite. Its members can be read in hooks and tests. */
export class DriverUnderTest<Session extends object> {
  constructor(readonly cluster: ClusterUnderTest<Session>) {}

  get driven(): Driven<Session> {
    return this.cluster.driven;
  }

  get driver(): Driver<Session> {
    return this.driven.driver;
  }

  get jobs(): Table {
    return this.driven.mapped.jobs.rows;
  }

  get allocations(): Table {
    return this.driven.mapped.allocations.rows;
  }

  /** Where deleted jobs are kept. */
  get archive(): Table {
    const archive = this.driven.mapped.archiveOf(this.jobs);
    if (archive === undefined) throw new Error('The driven of the cluster has no archive: give its store one');
    return archive.rows;
  }

  /** The ways from an allocation to its job, from a job to its allocations, and from one of these to the others. */
  get links() {
    const { job, ofJob, siblings } = this.driven.mapped.allocations;
    return { job, ofJob, siblings };
  }

  /** Columns by the words of the port, as the database names them. */
  get columns() {
    const { jobs, allocations } = this.driven.mapped;
    return {
      name: jobs.columns.name,
      state: jobs.states.place.column,
      startTime: jobs.columns.startTime.column,
      endTime: jobs.columns.endTime[0]?.column ?? '',
      // Its tables have keys of one column; those of several have tests of their own.
      jobId: allocations.columns.jobId[0] ?? '',
      status: allocations.statuses.place.column,
      allocationTime: allocations.columns.allocationTime?.column ?? '',
      releasedTime: allocations.columns.releasedTime?.column ?? '',
      // The suite's own, which no mapping names.
      tenant: 'tenant',
      pinned: 'pinned',
      note: 'note',
    };
  }

  /** Does `work` in a transaction that only reads. Errors come in jobsweep's words. */
  reading<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return this.inTransaction('read', work);
  }

  /** Does `work` in a transaction that writes, and is rolled back when `work` rejects. Errors as above. */
  writing<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return this.inTransaction('write', work);
  }

  /** Each key that rows with these ids may have: more than one where the database has types that texts do not tell. */
  keys(name: TableName, ...ids: readonly (number | string)[]): Key[] {
    const values = new Values(this.driver.values);
    return ids.flatMap((id) => values.keysOf(this[name], String(id), undefined));
  }

  /** Rows as they are, to be changed or deleted, in the order of the ids. */
  async rows(tx: Tx, name: TableName, ...ids: readonly number[]): Promise<Row[]> {
    const { rows } = await tx.lock(this[name], this.keys(name, ...ids), { columns: [] }, EVERY);
    return ids.flatMap((id) => rows.filter((row) => this.idOf(row) === String(id)));
  }

  /** A row's key as people write it. */
  idOf({ key }: Pick<Row, 'key'>): string {
    return new Values(this.driver.values).idOf(key);
  }

  idsOf(rows: readonly Pick<Row, 'key'>[]): string[] {
    return rows.map((row) => this.idOf(row));
  }

  idsOfKeys(keys: readonly Key[]): string[] {
    return keys.map((key) => this.idOf({ key }));
  }

  /** What an exact value is as people write it. */
  shown(exact: Exact | undefined): string | null {
    return exact == null ? null : (this.driver.values?.shown(exact) ?? exact);
  }

  /** A row with its values as people write them, under the words of the port; times as they are, and texts as times. */
  shownRow(row: Row, ...words: readonly (keyof DriverUnderTest<Session>['columns'])[]): Record<string, string | null> {
    const valueIn = (column: string) => {
      const [exact, time] = [row.columns[column], this.jobs.times.get(column)];
      return time?.codec === 'isoText' && exact != null ? String(toMicros(exact, time)) : this.shown(exact);
    };
    const columns = words.map((word) => [word, valueIn(this.columns[word])] as const);
    return { id: this.idOf(row), ...Object.fromEntries(columns) };
  }

  /** That a transaction ends in a conflict with others, and has written nothing. */
  async expectConflict(work: (tx: Tx) => Promise<unknown>): Promise<void> {
    await expect(this.writing(work)).rejects.toMatchObject({ code: 'CONFLICT' });
  }

  private async inTransaction<Result>(use: 'read' | 'write', work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const { driver, driven } = this;
    try {
      return await driven.transaction(async (session) => work(await driver.open(session, use)));
    } catch (error) {
      throw driver.translate(error);
    }
  }
}

/** The driver of a subject for the `describe` around, on tables of the default layout unless another one is given. */
export function useDriver<Session extends object>(
  subject: ContractSubject<Session>,
  layout?: Layout,
): DriverUnderTest<Session> {
  return new DriverUnderTest(useCluster(subject, layout));
}

/** An ISO 8601 time with microseconds as an exact value. */
export const exactTime = (iso: string): string =>
  String(BigInt(Date.parse(`${iso.slice(0, 23)}Z`)) * 1000n + BigInt(iso.slice(23, 26)));

/** The same as a number. */
export const micros = (iso: string): bigint => BigInt(exactTime(iso));
