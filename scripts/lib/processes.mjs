import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** One key press arrives several times, from the terminal and from npm; later ones within this time are the same. */
const SAME_PRESS_MS = 500;
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The environment without what npm adds to it, which would configure pnpm in ways that nobody asked for. */
export function cleanEnv() {
  const added = /^npm_(config_|lifecycle_|package_|command$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !added.test(name)));
}

/** Runs a program and gives its exit status, with its output if `capture`; signals sent to us end it. */
export function run(command, args, { capture = false, ...options } = {}) {
  const child = spawn(command, args, { stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit', ...options });
  const output = [];
  child.stdout?.on('data', (chunk) => output.push(chunk));
  child.stderr?.on('data', (chunk) => output.push(chunk));
  const forward = (signal) => child.kill(signal);
  for (const signal of ENDING) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const name of ENDING) process.off(name, forward);
      resolve({ status: code ?? 128 + constants.signals[signal], output: Buffer.concat(output).toString() });
    });
  });
}

/**
 * Hands this process over to another: it gets each signal once, and we end as it ends. It has a process group of its
 * own, or a Ctrl-C in the terminal would reach it directly as well.
 */
export function become(command, args, options) {
  const child = spawn(command, args, { stdio: 'inherit', detached: true, ...options });
  const last = new Map();
  for (const signal of ENDING) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - (last.get(signal) ?? -Infinity) > SAME_PRESS_MS) child.kill(signal);
      last.set(signal, now);
    });
  }
  // Its progress bars follow the size of the window.
  process.on('SIGWINCH', (signal) => child.kill(signal));
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
