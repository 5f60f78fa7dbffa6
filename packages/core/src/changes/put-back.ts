import { type Condition, EVERY, not } from '../driver/condition.js';
import type { Locked, Tx } from '../driver/driver.js';
import { type Key, keyText } from '../driver/exact.js';
import type { Row, Selection, Write } from '../driver/row.js';
import type { Table } from '../driver/table.js';
import { FINISHED_JOB_STATES, type JobState } from '../model.js';
import type { Context } from '../protocol/context.js';
import { fence, touches, writeEach } from '../protocol/write.js';
import type { TouchedColumns } from '../rules/mapped.js';
import { nameOf } from '../service/own-names.js';
import type { KeptChange } from './change-rows.js';
import type { Change, LeftReason, PutBack } from './changes.js';
import { exactOf, holds, isWithheld, type KeptParts, type KeptValues, timesIn } from './kept-values.js';
import { Resources } from './resources.js';

type Verdict = LeftReason | 'contended' | 'due';

/** A change and the row that it is of, as it is now. */
interface Due {
  readonly kept: KeptChange;
  readonly now: Row;
}

/** What rows are put back with. */
interface PuttingBackParts {
  readonly tx: Tx;
  readonly context: Context;
  readonly parts: KeptParts;
  /** Gives other changes of jobs by their ids, under the texts of the keys of the jobs. */
  readonly changesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, KeptChange>>;
  /** Whether nothing is locked or written. */
  readonly dryRun: boolean;
}

/** Puts rows back as `Changes.putBack` says: jobs first, and then what they hold. */
export async function putBack(parts: PuttingBackParts, given: readonly KeptChange[]): Promise<PutBack> {
  return new PuttingBack(parts, given).run();
}

class PuttingBack {
  private readonly verdicts = new Map<KeptChange, Verdict>();
  private readonly resources: Resources;
  private jobs: ReadonlyMap<string, Row> = new Map();
  private heldJobs: ReadonlySet<string> = new Set();

  constructor(
    private readonly parts: PuttingBackParts,
    private readonly given: readonly KeptChange[],
  ) {
    this.resources = new Resources(parts.tx, parts.context);
  }

  async run(): Promise<PutBack> {
    const { mapped } = this.context;
    const ofJobs = this.changesOf(mapped.jobs.rows);
    const ofAllocations = mapped.hasAllocations ? this.changesOf(mapped.allocations.rows) : [];
    await this.lockJobs(ofJobs, ofAllocations);
    const dueJobs = this.judged(ofJobs, mapped.jobs.states.columns, this.jobs, this.heldJobs);
    await this.write(mapped.jobs.rows, mapped.jobs.touched, dueJobs, EVERY);
    if (ofAllocations.length > 0) await this.putAllocationsBack(ofAllocations);
    const left = this.given.flatMap((kept) => {
      const verdict = this.verdicts.get(kept) ?? 'gone';
      return verdict === 'due' || verdict === 'contended' ? [] : [{ change: kept.change, reason: verdict }];
    });
    return { undone: this.those('due'), left, contended: this.those('contended') };
  }

  private get context(): Context {
    return this.parts.context;
  }

  private those(verdict: Verdict): Change[] {
    return this.given.filter((kept) => this.verdicts.get(kept) === verdict).map(({ change }) => change);
  }

  private changesOf(table: Table): readonly KeptChange[] {
    return this.given.filter(({ change }) => change.table === nameOf(table));
  }

  private async lockJobs(ofJobs: readonly KeptChange[], ofAllocations: readonly KeptChange[]): Promise<void> {
    const { mapped, rows } = this.context;
    const keys = [...ofJobs.map(({ key }) => key), ...ofAllocations.flatMap(({ job }) => (job === null ? [] : [job]))];
    const columns = [...writtenIn(ofJobs), ...rows.jobVersion];
    const locked = await this.look(mapped.jobs.rows, keys, { columns, labels: rows.jobLabels }, ofJobs);
    this.jobs = byKey(locked.rows);
    this.heldJobs = new Set(locked.held.map(keyText));
  }

  /**
   * Those of some changes whose row is still as the turn left it, and can be put back.
   *
   * @param needed columns without which nothing of a row is put back: those that tell its state.
   */
  private judged(
    changes: readonly KeptChange[],
    needed: readonly string[],
    rows: ReadonlyMap<string, Row>,
    held: ReadonlySet<string>,
  ): readonly Due[] {
    return changes.flatMap((kept) => {
      const now = rows.get(keyText(kept.key));
      const verdict = this.verdictOf(kept, needed, now, held);
      this.verdicts.set(kept, verdict);
      return verdict === 'due' && now !== undefined ? [{ kept, now }] : [];
    });
  }

  private verdictOf(
    kept: KeptChange,
    needed: readonly string[],
    now: Row | undefined,
    held: ReadonlySet<string>,
  ): Verdict {
    if (now === undefined) return held.has(keyText(kept.key)) ? 'contended' : 'gone';
    if (!holds(now, kept.new)) return 'moved';
    const values = Object.entries(kept.old);
    if (values.some(([column, value]) => isWithheld(value) && needed.includes(column))) return 'withheld';
    return values.some(([, value]) => !isWithheld(value) && exactOf(value) === undefined) ? 'cut' : 'due';
  }

  /**
   * The jobs, by the texts of their keys, whose allocations stay as they are: those that the turn had changed and that are not
   * as they were before, and those that it had left alone, since they were finished, and that are not any more.
   */
  private async jobsThatMoved(ofAllocations: readonly KeptChange[]): Promise<ReadonlySet<string>> {
    const { mapped, rows } = this.context;
    const due = this.changesOf(mapped.jobs.rows).filter((kept) => this.verdicts.get(kept) === 'due');
    const isDue = new Set(due.map(({ key }) => keyText(key)));
    const keys = [...new Set(ofAllocations.flatMap(({ job }) => (job === null ? [] : [keyText(job)])))];
    const ofJobs = new Map(
      ofAllocations.flatMap(({ job, jobChange }) => (job === null ? [] : [[keyText(job), jobChange]])),
    );
    const asked = keys.filter((key) => !isDue.has(key));
    const changes = await this.parts.changesOf(asked.flatMap((key) => ofJobs.get(key) ?? []));
    const all = [...changes.values()];
    const { states, rows: table } = mapped.jobs;
    const changed = all.map(({ key }) => key);
    const now = byKey((await this.look(table, changed, { columns: writtenIn(all) }, all)).rows);
    const isOfNoJob = ofAllocations[0]?.change.strategy === 'orphaned_allocation_cleanup';
    const moved = keys.filter((key) => {
      if (isDue.has(key)) return false;
      const [change, job] = [changes.get(key), this.jobs.get(key)];
      // Its allocations were released because it was finished, or was not there.
      if (ofJobs.get(key) == null) return job === undefined ? !isOfNoJob : !isFinished(rows.stateOf(job));
      if (change === undefined) return true;
      const row = now.get(key);
      // What would be put back before it counts as put back, where nothing is.
      if (this.parts.dryRun && change.change.undoneAt === null)
        return this.verdictOf(change, states.columns, row, this.heldJobs) !== 'due';
      return (
        change.change.undoneAt === null || row === undefined || !holds(row, restored(change.old, mapped.jobs.touched))
      );
    });
    return new Set(moved);
  }

  private async putAllocationsBack(changes: readonly KeptChange[]): Promise<void> {
    const { tx, context, dryRun } = this.parts;
    const { mapped, rows, rules } = context;
    const { rows: table, statuses, touched } = mapped.allocations;
    const moved = await this.jobsThatMoved(changes);
    const asked = changes.filter((kept) => {
      const job = kept.job && keyText(kept.job);
      if (job !== null && this.heldJobs.has(job)) this.verdicts.set(kept, 'contended');
      else if (job !== null && moved.has(job)) this.verdicts.set(kept, 'jobMoved');
      else return true;
      return false;
    });
    const columns = [...writtenIn(asked), ...rows.allocationVersion, ...this.resources.columns];
    const keys = asked.map(({ key }) => key);
    const locked = await this.look(table, keys, { columns, labels: rows.allocationLabels }, asked);
    const due = this.judged(asked, statuses.columns, byKey(locked.rows), new Set(locked.held.map(keyText)));
    // Of an undo, what was given back is taken away again: nobody has to let go of anything for that.
    const isTakenBack = ({ now }: Due) => rows.statusOf(now) === 'RELEASED';
    const free = await this.withFreeResource(due.filter(isTakenBack));
    const given = due.filter((each) => !isTakenBack(each));
    if (dryRun) return;
    const jobs = new Map(
      [...free, ...given].flatMap(({ kept: { job } }) => (job === null ? [] : [[keyText(job), job] as const])),
    );
    const reliedOn = [...jobs.keys()].flatMap((key) => this.jobs.get(key) ?? []);
    await fence(tx, context, reliedOn, EVERY);
    await this.write(table, touched, free, rules.isReleased());
    await this.write(table, touched, given, not(rules.isReleased()));
  }

  /** Those of some allocations that can hold again what they held: nobody else does. */
  private async withFreeResource(due: readonly Due[]): Promise<readonly Due[]> {
    if (this.resources.columns.length === 0) {
      for (const { kept } of due) this.verdicts.set(kept, 'resourceUnknown');
      return [];
    }
    const holders = await this.resources.holdersOf(due.map(({ now }) => now));
    const loosely = new Map<string, string>();
    return due.filter(({ kept, now }) => {
      const verdict = this.verdictOfResource(now, holders, loosely);
      this.verdicts.set(kept, verdict);
      return verdict === 'due';
    });
  }

  /** The first of several that are to come back holds the resource from then on. */
  private verdictOfResource(now: Row, holders: Map<string, string>, loosely: Map<string, string>): Verdict {
    const resource = this.resources.of(now);
    if (resource === undefined) return 'resourceUnset';
    const key = keyText(now.key);
    const holder = holders.get(resource);
    if (holder !== undefined && holder !== key) return 'resourceHeld';
    // Whether two that are written nearly alike are one, the database tells at the next try.
    const alike = this.resources.looselyOf(now);
    if ((loosely.get(alike) ?? resource) !== resource) return 'contended';
    loosely.set(alike, resource);
    holders.set(resource, key);
    return 'due';
  }

  /** Writes what rows were, those alike together. Columns that every change keeps current go on from what they are. */
  private async write(table: Table, touched: TouchedColumns, due: readonly Due[], guard: Condition): Promise<void> {
    const { tx, dryRun, parts } = this.parts;
    if (dryRun || due.length === 0) return;
    const groups = new Map<string, { readonly set: KeptValues; readonly due: Due[] }>();
    for (const each of due) {
      const set = restored(each.kept.old, touched);
      const alike = JSON.stringify(set);
      const group = groups.get(alike) ?? { set, due: [] };
      group.due.push(each);
      groups.set(alike, group);
    }
    const part = parts.of(table, [], timesOf(due.map(({ kept }) => kept)));
    for (const { set, due: each } of groups.values()) {
      const values = Object.entries(set).map(([column, value]): [string, Write] => [
        column,
        { exact: exactOf(value) ?? null },
      ]);
      const all = { ...touches(touched, tx.now), ...Object.fromEntries(values) };
      const rows = each.map(({ now }) => now);
      const written = byKey(await writeEach(tx, part, rows, all, guard, []));
      for (const { kept } of each) if (!written.has(keyText(kept.key))) this.verdicts.set(kept, 'moved');
    }
  }

  /** Rows by their keys, as they are kept in some changes: locked, or where nothing is to be written as they are. */
  private async look(
    table: Table,
    keys: readonly Key[],
    selection: Selection,
    changes: readonly KeptChange[],
  ): Promise<Locked> {
    const { tx, dryRun, parts } = this.parts;
    const each = [...new Map(keys.map((key) => [keyText(key), key])).values()];
    if (each.length === 0) return { rows: [], held: [] };
    const part = parts.of(table, writtenIn(changes), timesOf(changes));
    if (!dryRun) return tx.lock(part, each, selection, EVERY);
    const link = { to: part, on: table.key.map((column) => [column, column] as const), kind: 'children' } as const;
    const query = { link, parents: each, where: EVERY, order: 'parent', limit: each.length, ...selection } as const;
    return { rows: await tx.related(query), held: [] };
  }
}

const isFinished = (state: JobState | undefined): boolean => FINISHED_JOB_STATES.some((finished) => finished === state);

const byKey = (rows: readonly Row[]): ReadonlyMap<string, Row> => new Map(rows.map((row) => [keyText(row.key), row]));

const writtenIn = (changes: readonly KeptChange[]): string[] => [
  ...new Set(changes.flatMap((kept) => Object.keys(kept.new))),
];

const timesOf = (changes: readonly KeptChange[]) => timesIn(changes.flatMap((kept) => [kept.old, kept.new]));

/** What is put back: what was kept, and not what says when, or how often, the row was changed. */
function restored(old: KeptValues, { now, increment }: TouchedColumns): KeptValues {
  const left = new Set([...now.map(({ column }) => column), ...increment]);
  return Object.fromEntries(Object.entries(old).filter(([column, value]) => !left.has(column) && !isWithheld(value)));
}
