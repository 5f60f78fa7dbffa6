import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readReport, resultsFile } from './results.mjs';
import { install, pnpm, quietly } from './setup.mjs';
import { root, workspacePackages } from './workspace.mjs';

/** Where packages run the suite: one file, or a folder of them. */
const CONTRACT = 'test/contract';
const TITLE = 'while an application of many workers';
const DEFAULT_INTERLEAVINGS = '100000';

export async function races([interleavings = DEFAULT_INTERLEAVINGS, ...names]) {
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
    const { status } = await pnpm(['exec', 'vitest', 'run', CONTRACT, '-t', TITLE], { cwd: join(root, folder) });
    failed ||= status !== 0;
    reports.push(...reportsOf(readReport(folder)));
  }
  console.log(`\n${table(reports)}`);
  process.exit(failed ? 1 : 0);
}

/** What the randomised races of each subject of a package came to together, beside its name. */
function reportsOf(report) {
  const sums = new Map();
  for (const { ancestorTitles, meta } of report.testResults.flatMap((file) => file.assertionResults)) {
    if (meta?.races === undefined) continue;
    const [subject] = ancestorTitles;
    sums.set(subject, sumOf(sums.get(subject) ?? { subject }, meta.races));
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

const COLUMNS = {
  'adapter and engine': ({ subject }) => subject,
  interleavings: ({ interleavings }) => interleavings,
  passes: ({ passes }) => passes,
  'rows repaired': ({ repaired }) => repaired,
  'changed before the lock': ({ passedOver }) => passedOver,
  'held by others': ({ contended }) => contended,
  'lost updates': ({ violations }) => violations.length,
  'left due': ({ leftDue }) => leftDue.length,
  minutes: ({ seconds }) => (seconds / 60).toFixed(1),
};

/** Markdown, as docs/races.md has it. */
function table(reports) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const names = Object.keys(COLUMNS);
  const rows = reports.map((report) => line(names.map((name) => COLUMNS[name](report))));
  return [line(names), line(names.map((_name, index) => (index === 0 ? '---' : '---:'))), ...rows].join('\n');
}
