import { counted } from '../../counted.js';
import type { CheckResult, Diagnosis, Severity } from '../../doctor/diagnosis.js';
import { duration } from './numbers.js';
import type { Output } from './output.js';
import type { Colour, Style } from './style.js';
import { table } from './tables.js';
import { wrap } from './wrap.js';

const TITLES: Readonly<Record<CheckResult['name'], string>> = {
  server: 'server',
  schema: 'tables and columns',
  states: 'states',
  undated: 'times',
  orphans: 'orphans',
  references: 'other tables',
  indexes: 'indexes',
  privileges: 'privileges',
  ownTables: "jobsweep's tables",
  claims: 'turns',
  violations: 'due now',
};

/** Where what a check says begins. */
const INDENT = 22;

const MARKS: Readonly<Record<CheckResult['status'], readonly [Colour, string]>> = {
  fine: ['green', '✔'],
  findings: ['yellow', '!'],
  skipped: ['dim', '-'],
  failed: ['red', '✖'],
};

const COLOURS: Readonly<Record<Severity, Colour>> = { error: 'red', warning: 'yellow', info: 'cyan' };

/** Writes a diagnosis for people: a line for each check, then what was found and what to do. */
export function sayDiagnosis(output: Output, diagnosis: Diagnosis): void {
  const { style, width } = output;
  const { jobsweep, node } = diagnosis.versions;
  output.say(style('dim', `jobsweep ${jobsweep}, Node ${node}`));
  for (const check of diagnosis.checks) output.say(lineOf(check, diagnosis, width, style));
  for (const { severity, subject, problem, fix, statement } of diagnosis.findings) {
    output.say(`\n${style(COLOURS[severity], severity)} ${style('bold', subject)}`);
    output.say(wrap(`${problem}.`, width, '  '));
    output.say(wrap(`${fix}.`, width, '    ', `  ${style('dim', '→')} `));
    if (statement !== undefined) output.say(`    ${statement.replaceAll('\n', '\n    ')}`);
  }
  sayCosts(output, diagnosis);
  output.say(`\n${verdict(diagnosis, style)}`);
}

function lineOf(check: CheckResult, { violations, findings }: Diagnosis, width: number, style: Style): string {
  const { name, status, summary } = check;
  const isOnlyToKnow = findings.every((one) => one.check !== name || one.severity === 'info');
  const [colour, mark] = status === 'findings' && isOnlyToKnow ? (['cyan', 'i'] as const) : MARKS[status];
  const due = name === 'violations' ? violations.filter((one) => one.due > 0) : [];
  const shown = due.length === 0 || status === 'skipped' ? summary : due.map(violationOf).join('\n');
  const text = wrap(shown, width, ' '.repeat(INDENT), '');
  const coloured = status === 'findings' || status === 'failed' || status === 'skipped' ? style(colour, text) : text;
  return `${style(colour, mark)} ${TITLES[name].padEnd(INDENT - 2)}${coloured}`;
}

const violationOf = ({ strategy, due, oldestOverdueSeconds }: Diagnosis['violations'][number]): string =>
  `${strategy} ${counted(due)}${oldestOverdueSeconds === null ? '' : `, the oldest for ${duration(oldestOverdueSeconds)}`}`;

function sayCosts(output: Output, { costs }: Diagnosis): void {
  if (costs.length === 0) return;
  const { width, style } = output;
  const rowsOf = (rows: number | null) => (rows === null ? '' : counted(rows));
  output.say('');
  output.say(
    table(
      [
        { title: 'LOOKING FOR' },
        { title: 'TAKES', align: 'right' },
        { title: 'READS', align: 'right' },
        { title: 'TOOK', align: 'right' },
        { title: 'READ', align: 'right' },
      ],
      costs.map(({ strategy, before, after }) => {
        const now = after ?? before;
        const was = after === null ? ['', ''] : [duration(before.durationMs / 1000), rowsOf(before.rowsExamined)];
        return [strategy, duration(now.durationMs / 1000), rowsOf(now.rowsExamined), ...was];
      }),
      { width, style },
    ),
  );
}

function verdict({ ok, findings, checks }: Diagnosis, style: Style): string {
  if (ok) return style('green', 'Nothing stands in the way.');
  const counted = (['error', 'warning'] as const)
    .map((severity) => [severity, findings.filter((one) => one.severity === severity).length] as const)
    .filter(([, number]) => number > 0)
    .map(([severity, number]) => `${number} ${severity}${number === 1 ? '' : 's'}`);
  const failed = checks.filter(({ status }) => status === 'failed').length;
  if (failed > 0) counted.push(`${failed} check${failed === 1 ? '' : 's'} that could not be made`);
  return style('yellow', `${counted.join(', ')}.`);
}
