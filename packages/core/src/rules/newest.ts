import { allOf, anyOf, type Condition, isIn } from '../driver/condition.js';
import type { Link, Table } from '../driver/table.js';
import type { ColumnValue } from '../schema/conditions.js';
import { groupColumn } from './group-column.js';
import type { Mapped } from './mapped.js';
import { unsupported } from './supported.js';

/** The newest finished jobs, which stay: those of each group by themselves. */
export class Newest {
  private constructor(
    private readonly table: Table,
    readonly count: number,
    /** The time that tells which are newer. */
    readonly time: string,
    /** The column whose values are the groups. `null`: all jobs are one. */
    readonly column: string | null,
    private readonly finished: Condition,
  ) {}

  /** Throws `UNSUPPORTED_SCHEMA` where no one column tells which jobs are newer. */
  static of(mapped: Mapped, finished: () => Condition): Newest | null {
    const { keepNewest } = mapped.filters;
    if (keepNewest === null) return null;
    const [time, ...others] = mapped.retentionTime;
    if (time === undefined || others.length > 0) {
      const problem =
        'filters.keepNewest needs the end of jobs in one column, by which it tells the newer ones. Name one in filters.ageFrom';
      throw unsupported(mapped, problem);
    }
    return new Newest(mapped.jobs.rows, keepNewest.count, time.column, groupColumn(mapped), finished());
  }

  /** Jobs that are not among the newest of their group. */
  beyond(): Condition {
    const newer = { time: this.time, count: this.count };
    const among = (on: Link['on'], where: Condition): Condition => ({
      exists: { to: this.table, on, kind: 'siblings' },
      where,
      newer,
    });
    const { column, isDated, stays: where } = this;
    if (column === null) return allOf(isDated, among([], where));
    const isNull = isIn(column, [null]);
    return allOf(isDated, anyOf(among([[column, column]], where), allOf(isNull, among([], allOf(where, isNull)))));
  }

  /** All jobs that can stay for being new. */
  get stays(): Condition {
    return allOf(this.finished, this.isDated);
  }

  /** The same of one group. */
  inGroup(value: ColumnValue): Condition {
    return this.column === null ? this.stays : allOf(this.finished, isIn(this.column, [value]), this.isDated);
  }

  /** Jobs of which it can be told how new they are. */
  get isDated(): Condition {
    return { time: this.time, isSet: true };
  }
}
