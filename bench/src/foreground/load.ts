// An application at work, in a process of its own: so many transactions a second, each of which is due at its time, whatever
// became of the ones before. Says `ready`; when it is told to begin it forgets what was, and when it is told to stop it tells
// how long the transactions took from when they were due.
import { setTimeout as delay } from 'node:timers/promises';
import { connectPlain, type Plain } from '@jobsweep/test-engines';
import { latenciesOf } from '../latencies.js';

const CONNECTIONS = 8;
const WARM_MS = 500;

const [, , url = '', perSecond, firstId] = process.argv;
const everyMs = 1000 / Number(perSecond);
const idle: Plain[] = [];
const waiting: ((sql: Plain) => void)[] = [];
const hands = await Promise.all(Array.from({ length: CONNECTIONS }, () => connectPlain(url)));
idle.push(...hands);
let nextId = Number(firstId);
let latenciesMs: number[] = [];
let isOver = false;

/** One job from beginning to end. */
async function act(sql: Plain, id: number): Promise<void> {
  await sql.query('begin');
  await sql.query(`insert into jobs (id, name, state, start_time) values (${id}, 'load', 'RUNNING', ${sql.now})`);
  await sql.query(`insert into resource_allocations (id, job_id, status, allocation_time)
    values (${id}, ${id}, 'ALLOCATED', ${sql.now})`);
  await sql.query(`update jobs set state = 'COMPLETED', end_time = ${sql.now} where id = ${id}`);
  await sql.query(`update resource_allocations set status = 'RELEASED', released_time = ${sql.now} where id = ${id}`);
  await sql.query('commit');
}

async function transaction(dueMs: number): Promise<void> {
  const sql = idle.pop() ?? (await new Promise<Plain>((resolve) => waiting.push(resolve)));
  await act(sql, nextId++);
  latenciesMs.push(performance.now() - dueMs);
  const next = waiting.shift();
  if (next === undefined) idle.push(sql);
  else next(sql);
}

async function load(): Promise<void> {
  const all: Promise<void>[] = [];
  for (let dueMs = performance.now(); !isOver; dueMs += everyMs) {
    const early = dueMs - performance.now();
    if (early > 0) await delay(early);
    all.push(transaction(dueMs));
  }
  await Promise.all(all);
}

process.on('message', (word) => {
  latenciesMs = word === 'begin' ? [] : latenciesMs;
  isOver = word === 'stop';
});
setTimeout(() => process.send?.('ready'), WARM_MS);
await load();
await Promise.all(hands.map((sql) => sql.close()));
process.send?.(latenciesOf(latenciesMs));
process.disconnect();
