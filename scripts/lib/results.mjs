import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './workspace.mjs';

/** Where vitest.shared.ts puts a package's results. */
export const resultsFile = (folder) => join(root, folder, '.test-results/vitest.json');

/** A package's results as vitest wrote them. */
export const readReport = (folder) => JSON.parse(readFileSync(resultsFile(folder), 'utf8'));

/** One package's counts. A package without results failed; so did a file or a run that broke outside its tests. */
export function readResults({ folder, manifest }) {
  const file = resultsFile(folder);
  const result = { name: manifest.name, files: 0, passed: 0, failed: 0, skipped: 0, missing: !existsSync(file) };
  if (result.missing) return { ...result, failed: 1, note: 'no results' };
  const report = readReport(folder);
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + broken;
  return {
    ...result,
    files: report.testResults.length,
    passed: report.numPassedTests,
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    note: report.success ? '' : noteOf(report, broken),
    subjects: subjectsIn(report),
    failures: report.testResults.flatMap(failuresOf),
  };
}

/** Each failed test of a file, and the file itself where it broke outside its tests, with the start of its message. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = relative(root, name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (failed.length === 0) return status === 'failed' ? [failure(file, message)] : [];
  return failed.map(({ fullName, failureMessages }) => failure(`${file}: ${fullName}`, failureMessages.join('\n')));
}

const MESSAGE_LINES = 12;

function failure(title, message) {
  const lines = message.split('\n').slice(0, MESSAGE_LINES);
  return [`FAILED ${title}`, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** What the contract suite was run on, each with its counts and what it leaves out by what the adapter says of itself. */
function subjectsIn({ testResults }) {
  const subjects = new Map();
  for (const { status, meta } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    const name = meta?.subject;
    if (name === undefined) continue;
    const counts = subjects.get(name) ?? { name, passed: 0, failed: 0, leftOut: [] };
    if (status === 'passed') counts.passed += 1;
    if (status === 'failed') counts.failed += 1;
    subjects.set(name, { ...counts, leftOut: meta.leftOut ?? counts.leftOut });
  }
  return [...subjects.values()];
}

/** The contract suite's own table: adapter and engine, passed, failed, left out and why. */
export function contractTable(results) {
  const subjects = results.flatMap(({ subjects: own = [] }) => own);
  const width = Math.max(8, ...subjects.map(({ name }) => name.length));
  const line = (name, passed, failed, leftOut) =>
    `${name.padEnd(width)}  ${String(passed).padStart(7)}  ${String(failed).padStart(7)}  ${leftOut}`;
  const rows = subjects.map(({ name, passed, failed, leftOut }) =>
    line(name, passed, failed, leftOut.join('; ') || '-'),
  );
  return [line('contract', 'passed', 'failed', 'left out'), ...rows].join('\n');
}

/** All failures of a run, for the end of its output, where they are found without searching. */
export const failuresIn = (results) => results.flatMap(({ failures = [] }) => failures).join('\n');

function noteOf(report, broken) {
  if (report.testResults.length === 0) return 'no test files';
  return broken > 0 ? `${broken} files broke outside their tests` : 'failed';
}

export function total(results) {
  const sum = (column) => results.reduce((count, result) => count + result[column], 0);
  return { name: 'all', files: sum('files'), passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

const COLUMNS = ['files', 'passed', 'failed', 'skipped'];

export function table(results) {
  const rows = [...results, total(results)];
  const width = Math.max(...rows.map(({ name }) => name.length));
  const line = (name, cells, note = '') => `${name.padEnd(width)}  ${cells.join('  ')}  ${note}`.trimEnd();
  const cells = (row) => COLUMNS.map((column) => String(row[column]).padStart(7));
  const head = line(
    'package',
    COLUMNS.map((column) => column.padStart(7)),
  );
  return [head, ...rows.map((row) => line(row.name, cells(row), row.note))].join('\n');
}
