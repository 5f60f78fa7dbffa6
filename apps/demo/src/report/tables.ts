import Table from 'cli-table3';
import type { Health } from '../check/health.js';
import type { State } from '../check/state.js';
import { SURVIVOR_KINDS } from '../damage/plan.js';
import type { DemoTexts } from '../texts/texts.js';
import type { Formats } from './numbers.js';
import type { Style } from './style.js';

/** Rules between rows would double the height of a table. */
const COMPACT = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
const NO_FRAME = {
  ...COMPACT,
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', right: '', middle: '  ' },
};

/** Without the library's own colours. */
const PLAIN = { head: [], border: [], compact: true };

/** Must be 0 in the end. */
const DAMAGE = ['completedJobsWithUnreleasedResources', 'staleReservations', 'stuckJobs'] as const;
const SIZE = ['oldJobs', 'jobs', 'allocations'] as const satisfies readonly (keyof Health)[];

interface Look {
  readonly texts: DemoTexts;
  readonly formats: Formats;
  readonly style: Style;
}

/** The cluster before and after, side by side. */
export function healthTable(before: State, after: State, { texts, formats, style }: Look): string {
  const { headings } = texts;
  const table = new Table({
    head: [style('bold', headings.health), style('bold', headings.before), style('bold', headings.after)],
    colAligns: ['left', 'right', 'right'],
    style: PLAIN,
  });
  for (const key of DAMAGE) {
    const [was, is] = [before.health[key], after.health[key]];
    const colourOf = (count: number) => (count === 0 ? 'green' : 'red');
    table.push([texts.health[key], ...[was, is].map((count) => style(colourOf(count), formats.count(count)))]);
  }
  for (const key of SIZE) {
    table.push([texts.health[key], formats.count(before.health[key]), formats.count(after.health[key])]);
  }
  table.push([style('dim', texts.survive), '', '']);
  for (const kind of SURVIVOR_KINDS) {
    const [was, is] = [before.survivors[kind], after.survivors[kind]];
    const shown = style(was === is ? 'green' : 'red', formats.count(is));
    table.push([`  ${texts.survivors[kind]}`, formats.count(was), shown]);
  }
  return table.toString();
}

/** Rows in columns without a frame, as wide as they must be, or as `widths` says where it says something. */
export function columns(
  rows: readonly (readonly string[])[],
  {
    rightAligned = [],
    widths = [],
  }: { readonly rightAligned?: readonly number[]; readonly widths?: readonly number[] } = {},
): string {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const colAligns = Array.from({ length: width }, (_, at) => (rightAligned.includes(at) ? 'right' : 'left'));
  const style = { ...PLAIN, 'padding-left': 0, 'padding-right': 0 };
  const table = new Table({ chars: NO_FRAME, colAligns, colWidths: [...widths], style });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replaceAll(/[ \t]+$/gm, '');
}
