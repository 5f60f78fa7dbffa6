import type { EngineName } from '@jobsweep/test-engines';
import type { Trial } from './trial.js';

export interface Result {
  readonly trial: Trial;
  readonly engine: EngineName;
  readonly outcome: 'held' | 'failed' | 'skipped';
  readonly findings: readonly string[];
  readonly notes: readonly string[];
  readonly seconds: number;
}

/** What came of one trial, with its findings. */
export function reportOf({ trial, engine, outcome, seconds, notes, findings }: Result): string {
  const lines = [
    `${trial.name} on ${engine}: ${outcome} after ${seconds.toFixed(0)} s${notes.length > 0 ? `, ${notes.join(', ')}` : ''}`,
  ];
  return [...lines, ...findings.map((finding) => `  - ${finding.replaceAll('\n', '\n    ')}`)].join('\n');
}

/** Markdown, as docs/chaos.md has it: a line for each trial, a column for each engine. */
export function table(results: readonly Result[]): string {
  const engines = [...new Set(results.map(({ engine }) => engine))];
  const trials = [...new Set(results.map(({ trial }) => trial))];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const cell = (trial: Trial, engine: EngineName) => {
    const result = results.find((each) => each.trial === trial && each.engine === engine);
    return result === undefined ? '-' : `${result.outcome} (${result.seconds.toFixed(0)} s)`;
  };
  return [
    line(['trial', ...engines]),
    line(['---', ...engines.map(() => '---')]),
    ...trials.map((trial) => line([trial.name, ...engines.map((engine) => cell(trial, engine))])),
  ].join('\n');
}
