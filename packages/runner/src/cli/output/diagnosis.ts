import stringWidth from 'string-width';
import type { CheckResult, Diagnosis, Severity } from '../../doctor/diagnosis.js';
import { counted, duration } from '../../words/numbers.js';
import type { Words } from '../../words/words.js';
import type { Output } from './output.js';
import type { Colour } from './style.js';
import { columnsOf, table } from './tables.js';
import { wrap } from './wrap.js';

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
  const { doctor: words } = output.words;
  const { jobsweep, node } = diagnosis.versions;
  output.say(style('dim', words.versions(jobsweep, node)));
  for (const check of diagnosis.checks) output.say(lineOf(check, diagnosis, output));
  for (const { severity, subject, problem, fix, statement } of diagnosis.findings) {
    output.say(`\n${style(COLOURS[severity], words.severities[severity])} ${style('bold', subject)}`);
    output.say(wrap(words.sentence(problem), width, '  '));
    output.say(wrap(words.sentence(fix), width, '    ', `  ${style('dim', '→')} `));
    if (statement !== undefined) output.say(`    ${statement.replaceAll('\n', '\n    ')}`);
  }
  sayCosts(output, diagnosis);
  output.say(`\n${verdict(diagnosis, output)}`);
}

function lineOf(check: CheckResult, { violations, findings }: Diagnosis, { width, style, words }: Output): string {
  const { name, status, summary } = check;
  const isOnlyToKnow = findings.every((one) => one.check !== name || one.severity === 'info');
  const [colour, mark] = status === 'findings' && isOnlyToKnow ? (['cyan', 'i'] as const) : MARKS[status];
  const due = name === 'violations' ? violations.filter((one) => one.due > 0) : [];
  const shown =
    due.length === 0 || status === 'skipped' ? summary : due.map((one) => violationOf(one, words)).join('\n');
  const text = wrap(shown, width, ' '.repeat(INDENT), '');
  const coloured = status === 'findings' || status === 'failed' || status === 'skipped' ? style(colour, text) : text;
  return `${style(colour, mark)} ${padded(words.doctor.titles[name])}${coloured}`;
}

/** A title in its column, whatever the width of its signs. */
const padded = (title: string): string => `${title}${' '.repeat(Math.max(1, INDENT - 2 - stringWidth(title)))}`;

function violationOf(
  { strategy, due, isCapped, oldestOverdueSeconds }: Diagnosis['violations'][number],
  { doctor, time }: Words,
): string {
  const what = `${strategy} ${counted(due, isCapped)}`;
  return oldestOverdueSeconds === null ? what : doctor.oldestFor(what, duration(oldestOverdueSeconds, time));
}

function sayCosts(output: Output, { costs }: Diagnosis): void {
  if (costs.length === 0) return;
  const { width, style, words } = output;
  const { time } = words;
  const rowsOf = (rows: number | null) => (rows === null ? '' : counted(rows));
  output.say('');
  output.say(
    table(
      columnsOf(words.doctor.costs, ['takes', 'reads', 'took', 'read'], []),
      costs.map(({ strategy, before, after }) => {
        const now = after ?? before;
        const was = after === null ? ['', ''] : [duration(before.durationMs / 1000, time), rowsOf(before.rowsExamined)];
        return [strategy, duration(now.durationMs / 1000, time), rowsOf(now.rowsExamined), ...was];
      }),
      { width, style },
    ),
  );
}

function verdict({ ok, findings, checks }: Diagnosis, { style, words: { doctor: words } }: Output): string {
  if (ok) return style('green', words.fine);
  const found = (['error', 'warning'] as const).flatMap((severity) => {
    const count = findings.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [words.counts[severity](count)];
  });
  const failed = checks.filter(({ status }) => status === 'failed').length;
  if (failed > 0) found.push(words.failedChecks(failed));
  return style('yellow', words.sentence(words.list(found)));
}
