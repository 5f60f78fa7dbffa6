import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readReport, resultsFile } from './results.mjs';
import { install, pnpm, quietly } from './setup.mjs';
import { root, workspacePackages } from './workspace.mjs';

/** Where packages run the suite: one file, or a folder of them. */
const CONTRACT = 'test/contract';
const DEFAULT_INTERLEAVINGS = '100000';

/** The kinds of races: the titles of their tests, what they note, and what the table shows of it. */
const KINDS = {
  strategies: {
    title: 'while an application of many workers',
    noted: 'races',
    columns: {
      passes: ({ passes }) => passes,
      'rows repaired': ({ repaired }) => repaired,
      'changed before the lock': ({ passedOver }) => passedOver,
      'held by others': ({ contended }) => contended,
      'lost updates': ({ violations }) => violations.length,
      'left due': ({ leftDue }) => leftDue.length,
    },
  },
  undo: {
    title: 'while an application books resources',
    noted: 'undoRaces',
    columns: {
      'rows repaired': ({ repaired }) => repaired,
      'put back': ({ undone }) => undone,
      'left as they were': ({ left }) => left,
      'lost updates': ({ violations }) => violations.length,
      'double booked': ({ doubleBooked }) => doubleBooked,
    },
  },
};

/** `['undo', ...]`: passes that are taken back; otherwise the strategies. */
export async function races([first, ...others]) {
  const kind = first === 'undo' ? KINDS.undo : KINDS.strategies;
  await race(kind, first === 'undo' ? others : [first, ...others]);
}

async function race(kind, [interleavings = DEFAULT_INTERLEAVINGS, ...names]) {
  if (!/^[1-9]\d*$/.test(interleavings)) {
    console.error(`"${interleavings}" is no number of interleavings: pnpm races 100000`);
    process.exit(2);
  }
  await install();
  await quietly('Building', ['exec', 'turbo', 'run', 'build']);
  process.env.INTERLEAVINGS = interleavings;
  process.env.SUITE = 'whole';
  const reports = [];
  let failed = false;
  for (const { folder, manifest } of workspacePackages()) {
    if (![CONTRACT, `${CONTRACT}.test.ts`].some((path) => existsSync(join(root, folder, path)))) continue;
    if (names.length > 0 && !names.some((name) => manifest.name.endsWith(`/${name}`))) continue;
    rmSync(resultsFile(folder), { force: true });
    const { status } = await pnpm(['exec', 'vitest', 'run', CONTRACT, '-t', kind.title], { cwd: join(root, folder) });
    failed ||= status !== 0;
    reports.push(...reportsOf(readReport(folder), kind));
  }
  console.log(`\n${table(reports, kind)}`);
  process.exit(failed ? 1 : 0);
}

/** What the randomised races of each subject of a package came to together, beside its name. */
function reportsOf(report, { noted }) {
  const sums = new Map();
  for (const { ancestorTitles, meta } of report.testResults.flatMap((file) => file.assertionResults)) {
    if (meta?.[noted] === undefined) continue;
    const [subject] = ancestorTitles;
    sums.set(subject, sumOf(sums.get(subject) ?? { subject }, meta[noted]));
  }
  return [...sums.values()];
}

/** Numbers are added, lists joined. */
function sumOf(sum, races) {
  const together = ([name, more]) => [
    name,
    Array.isArray(more) ? [...(sum[name] ?? []), ...more] : (sum[name] ?? 0) + more,
  ];
  return { ...sum, ...Object.fromEntries(Object.entries(races).map(together)) };
}

/** Markdown, as docs/races.md has it. */
function table(reports, { columns: own }) {
  const columns = {
    'adapter and engine': ({ subject }) => subject,
    interleavings: ({ interleavings }) => interleavings,
    ...own,
    minutes: ({ seconds }) => (seconds / 60).toFixed(1),
  };
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const names = Object.keys(columns);
  const rows = reports.map((report) => line(names.map((name) => columns[name](report))));
  return [line(names), line(names.map((_name, index) => (index === 0 ? '---' : '---:'))), ...rows].join('\n');
}
