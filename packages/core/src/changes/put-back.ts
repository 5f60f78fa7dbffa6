import { allOf, anyOf, type Condition, EVERY, isIn, not } from '../driver/condition.js';
import type { Locked, Tx } from '../driver/driver.js';
import { type Exact, type Key, keyText } from '../driver/exact.js';
import type { Row, Selection, Write } from '../driver/row.js';
import type { Table } from '../driver/table.js';
import { FINISHED_JOB_STATES, type JobState } from '../model.js';
import type { Context } from '../protocol/context.js';
import { fence, touches, writeEach } from '../protocol/write.js';
import type { TouchedColumns } from '../rules/mapped.js';
import { nameOf } from '../service/own-names.js';
import type { KeptChange } from './change-rows.js';
import type { Change, LeftReason, PutBack } from './changes.js';
import { exactOf, holds, type KeptValues, keptPart } from './kept-values.js';

/** Gives other changes of jobs by their ids, under the texts of the keys of the jobs. */
export type ChangesOfJobs = (ids: readonly string[]) => Promise<ReadonlyMap<string, KeptChange>>;

type Verdict = LeftReason | 'contended' | 'due';

/** A change and the row that it is of, as it is now. */
interface Due {
  readonly kept: KeptChange;
  readonly now: Row;
}

/** Values of the resource that one statement asks about. */
const RESOURCES = 200;

/** Puts rows back as `Changes.putBack` says: jobs first, and then what they hold. */
export async function putBack(
  tx: Tx,
  context: Context,
  others: ChangesOfJobs,
  given: readonly KeptChange[],
  dryRun: boolean,
): Promise<PutBack> {
  return new PuttingBack(tx, context, others, given, dryRun).run();
}

class PuttingBack {
  private readonly verdicts = new Map<KeptChange, Verdict>();
  private jobs: ReadonlyMap<string, Row> = new Map();
  private heldJobs: ReadonlySet<string> = new Set();

  constructor(
    private readonly tx: Tx,
    private readonly context: Context,
    private readonly others: ChangesOfJobs,
    private readonly given: readonly KeptChange[],
    private readonly dryRun: boolean,
  ) {}

  async run(): Promise<PutBack> {
    const { mapped } = this.context;
    const ofJobs = this.changesOf(mapped.jobs.rows);
    const ofAllocations = mapped.hasAllocations ? this.changesOf(mapped.allocations.rows) : [];
    await this.lockJobs(ofJobs, ofAllocations);
    const dueJobs = this.judged(ofJobs, this.jobs, this.heldJobs);
    const moved = await this.jobsThatMoved(ofAllocations, new Set(dueJobs.map(({ kept }) => kept)));
    if (!this.dryRun) await this.write(mapped.jobs.rows, mapped.jobs.touched, dueJobs);
    if (ofAllocations.length > 0) await this.putAllocationsBack(ofAllocations, moved);
    const left = this.given.flatMap((kept) => {
      const verdict = this.verdicts.get(kept) ?? 'gone';
      return verdict === 'due' || verdict === 'contended' ? [] : [{ change: kept.change, reason: verdict }];
    });
    return { undone: this.those('due'), left, contended: this.those('contended') };
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
    const locked = await this.look(mapped.jobs.rows, keys, { columns, labels: rows.jobLabels });
    this.jobs = byKey(locked.rows);
    this.heldJobs = new Set(locked.held.map(keyText));
  }

  /** Those of some changes whose row is still as the turn left it, and can be put back. */
  private judged(
    changes: readonly KeptChange[],
    rows: ReadonlyMap<string, Row>,
    held: ReadonlySet<string>,
  ): readonly Due[] {
    return changes.flatMap((kept) => {
      const now = rows.get(keyText(kept.key));
      const verdict = this.verdictOf(kept, now, held);
      this.verdicts.set(kept, verdict);
      return verdict === 'due' && now !== undefined ? [{ kept, now }] : [];
    });
  }

  private verdictOf(kept: KeptChange, now: Row | undefined, held: ReadonlySet<string>): Verdict {
    if (now === undefined) return held.has(keyText(kept.key)) ? 'contended' : 'gone';
    if (!holds(now, kept.new)) return 'moved';
    return Object.values(kept.old).some((value) => exactOf(value) === undefined) ? 'cut' : 'due';
  }

  /**
   * The jobs, by the texts of their keys, whose allocations stay as they are: those that the turn had changed and that are not
   * as they were before, and those that it had left alone, since they were finished, and that are not any more.
   */
  private async jobsThatMoved(
    ofAllocations: readonly KeptChange[],
    due: ReadonlySet<KeptChange>,
  ): Promise<ReadonlySet<string>> {
    const { mapped, rows } = this.context;
    const [first] = ofAllocations;
    if (first === undefined) return new Set();
    const isDue = new Set([...due].map(({ key }) => keyText(key)));
    const keys = [...new Set(ofAllocations.flatMap(({ job }) => (job === null ? [] : [keyText(job)])))];
    const asked = keys.filter((key) => !isDue.has(key));
    const ofJobs = new Map(
      ofAllocations.flatMap(({ job, jobChange }) => (job === null ? [] : [[keyText(job), jobChange]])),
    );
    const before = await this.others(asked.flatMap((key) => ofJobs.get(key) ?? []));
    const { touched } = mapped.jobs;
    const written = [...new Set([...before.values()].flatMap(({ old }) => Object.keys(old)))];
    const changed = [...before.values()].map(({ key }) => key);
    const now = byKey((await this.look(mapped.jobs.rows, changed, { columns: written })).rows);
    const moved = keys.filter((key) => {
      if (isDue.has(key)) return false;
      const [change, job] = [before.get(key), this.jobs.get(key)];
      if (ofJobs.get(key) != null) {
        if (change === undefined) return true;
        const row = now.get(key);
        return change.change.undoneAt === null || row === undefined || !holds(row, restored(change.old, touched));
      }
      // Its allocations were released because it was finished, or was not there.
      return job === undefined ? !this.isOfNoJob(first) : !isFinished(rows.stateOf(job));
    });
    return new Set(moved);
  }

  private isOfNoJob({ change: { strategy } }: KeptChange): boolean {
    return strategy === 'orphaned_allocation_cleanup';
  }

  private async putAllocationsBack(changes: readonly KeptChange[], moved: ReadonlySet<string>): Promise<void> {
    const { mapped, rows, rules } = this.context;
    const { columns, rows: table, touched } = mapped.allocations;
    const { resource } = columns;
    const asked = changes.filter((kept) => {
      const job = kept.job && keyText(kept.job);
      if (job !== null && this.heldJobs.has(job)) this.verdicts.set(kept, 'contended');
      else if (job !== null && moved.has(job)) this.verdicts.set(kept, 'jobMoved');
      else if (resource.length === 0) this.verdicts.set(kept, 'resourceUnknown');
      else return true;
      return false;
    });
    const selection = { columns: [...writtenIn(asked), ...resource], labels: rows.allocationLabels };
    const locked = await this.look(
      table,
      asked.map(({ key }) => key),
      selection,
    );
    const held = new Set(locked.held.map(keyText));
    const due = this.judged(asked, byKey(locked.rows), held);
    const holders = await this.holdersOf(due);
    const free = due.filter(({ kept, now }) => {
      const reason = this.takenBy(now, holders);
      if (reason !== undefined) this.verdicts.set(kept, reason);
      return reason === undefined;
    });
    if (this.dryRun) return;
    const jobs = new Map(free.flatMap(({ kept: { job } }) => (job === null ? [] : [[keyText(job), job] as const])));
    const reliedOn = [...jobs.keys()].flatMap((key) => this.jobs.get(key) ?? []);
    await fence(this.tx, this.context, reliedOn, EVERY);
    await this.write(table, touched, free, rules.isReleased());
  }

  /** Who holds a resource, by its values; the first of several that are to come back holds it from then on. */
  private takenBy(now: Row, holders: Map<string, string>): LeftReason | undefined {
    const resource = this.resourceOf(now);
    if (resource === undefined) return 'resourceUnknown';
    const key = keyText(now.key);
    const holder = holders.get(resource);
    if (holder !== undefined && holder !== key) return 'resourceHeld';
    holders.set(resource, key);
    return undefined;
  }

  private resourceOf({ columns }: Row): string | undefined {
    const values = this.context.mapped.allocations.columns.resource.map((column) => columns[column] ?? null);
    return values.includes(null) ? undefined : keyText(values);
  }

  /** Those who hold the resources of allocations that are to come back: whoever is not released. Looked up after the lock. */
  private async holdersOf(due: readonly Due[]): Promise<Map<string, string>> {
    const { mapped, rules, values } = this.context;
    const { columns, rows: table } = mapped.allocations;
    const holders = new Map<string, string>();
    const known = new Map(due.map(({ now }) => [this.resourceOf(now), now]));
    const wanted = [...known].flatMap(([resource, row]) => (resource === undefined ? [] : [row]));
    for (let from = 0; from < wanted.length; from += RESOURCES) {
      const each = wanted.slice(from, from + RESOURCES).map((row): Condition => {
        const is = (column: string) => isIn(column, [values.rawOf(row.columns[column] ?? null)]);
        return allOf(...columns.resource.map(is));
      });
      const where = allOf(not(rules.isReleased()), anyOf(...each));
      let after: Row | undefined;
      do {
        const place = after && { key: after.key };
        const page = await this.tx.page({ table, where, columns: columns.resource, after: place, limit: 1000 });
        for (const row of page) holders.set(this.resourceOf(row) ?? '', keyText(row.key));
        after = page.length === 1000 ? page.at(-1) : undefined;
      } while (after !== undefined);
    }
    return holders;
  }

  /** Writes what rows were, those alike together. Columns that every change keeps current go on from what they are. */
  private async write(
    table: Table,
    touched: TouchedColumns,
    due: readonly Due[],
    guard: Condition = EVERY,
  ): Promise<void> {
    const groups = new Map<string, { readonly set: KeptValues; readonly rows: Row[] }>();
    for (const { kept, now } of due) {
      const set = restored(kept.old, touched);
      const alike = JSON.stringify(set);
      const group = groups.get(alike) ?? { set, rows: [] };
      group.rows.push(now);
      groups.set(alike, group);
    }
    for (const { set, rows } of groups.values()) {
      const values = Object.entries(set).map(([column, value]): [string, Write] => [column, exactly(exactOf(value))]);
      const all = { ...touches(touched, this.tx.now), ...Object.fromEntries(values) };
      await writeEach(this.tx, table, rows, all, guard, []);
    }
  }

  /** Rows by their keys: locked, or where nothing is to be written as they are. */
  private async look(table: Table, keys: readonly Key[], selection: Selection): Promise<Locked> {
    const each = [...new Map(keys.map((key) => [keyText(key), key])).values()];
    if (each.length === 0) return { rows: [], held: [] };
    const part = keptPart(table, selection.columns);
    if (!this.dryRun) return this.tx.lock(part, each, selection, EVERY);
    const link = { to: part, on: table.key.map((column) => [column, column] as const), kind: 'children' } as const;
    const query = { link, parents: each, where: EVERY, order: 'parent', limit: each.length, ...selection } as const;
    return { rows: await this.tx.related(query), held: [] };
  }
}

const exactly = (exact: Exact | undefined): Write => ({ exact: exact ?? null });

const isFinished = (state: JobState | undefined): boolean => FINISHED_JOB_STATES.some((finished) => finished === state);

const byKey = (rows: readonly Row[]): ReadonlyMap<string, Row> => new Map(rows.map((row) => [keyText(row.key), row]));

const writtenIn = (changes: readonly KeptChange[]): string[] => [
  ...new Set(changes.flatMap((kept) => Object.keys(kept.new))),
];

/** What is put back: not what says when, or how often, the row was changed. */
function restored(old: KeptValues, { now, increment }: TouchedColumns): KeptValues {
  const kept = new Set([...now.map(({ column }) => column), ...increment]);
  return Object.fromEntries(Object.entries(old).filter(([column]) => !kept.has(column)));
}
