// Runs commands that it is sent, each as the program would in a process of its own, without loading it anew each time.
import { PassThrough } from 'node:stream';
import { main } from '../../../dist/cli/main.js';

process.on('message', async ({ id, folder, args, env }) => {
  const output = { stdout: '', stderr: '' };
  const kept = (name) =>
    new PassThrough({ encoding: 'utf8' }).on('data', (chunk) => {
      output[name] += chunk;
    });
  const surroundings = { stdin: new PassThrough().end(), stdout: kept('stdout'), stderr: kept('stderr'), env, folder };
  const status = await main(args, surroundings, new AbortController().signal);
  setImmediate(() => process.send({ id, status, ...output }));
});
