import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Results } from '../results/result.js';
import { plots } from './plots.js';
import { noise, tables } from './tables.js';
import { number } from './words.js';

const DOCS = join(import.meta.dirname, '../../../docs');
const [BEGIN, END] = ['<!-- measured: begin -->', '<!-- measured: end -->'];

/** Puts tables and plots into docs/performance.md, in place of those that are there. Gives the files that it wrote. */
export async function publish(results: Results, docs = DOCS): Promise<string[]> {
  const page = join(docs, 'performance.md');
  const text = await readFile(page, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${page} has no ${BEGIN} before its ${END}`);
  const drawn = [...plots(results.results)];
  const parts = [
    where(results),
    ...drawn.map(([name]) => `![${name.replace('.svg', '')}](images/${name})`),
    tables(results.results),
  ];
  await writeFile(page, `${text.slice(0, begin)}${BEGIN}\n\n${parts.join('\n\n')}\n\n${text.slice(end)}`);
  for (const [name, svg] of drawn) await writeFile(join(docs, 'images', name), svg);
  return [page, ...drawn.map(([name]) => join(docs, 'images', name))];
}

function where({ machine, at, results }: Results): string {
  const { cpu, cores, memoryGib, system, node } = machine;
  const rounds = [...new Set(results.map((result) => result.rounds.length))].sort((one, other) => one - other);
  const { usual, worst } = noise(results);
  return `Measured on ${at.slice(0, 10)}: ${cpu}, ${cores} cores, ${memoryGib} GiB, ${system}, Node ${node};
${[rounds[0], ...rounds.slice(1).slice(-1)].join(' to ')} rounds. What is done by hand took between its fastest and its slowest round ${percent(usual)} of
its median more in half of the workloads, and ${percent(worst)} in the worst.`;
}

const percent = (share: number) => `${number(share * 100)} %`;
