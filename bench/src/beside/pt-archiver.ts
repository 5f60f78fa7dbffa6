import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { FINISHED } from '../hand/words.js';

const run = promisify(execFile);

/** Percona's tool, where it is on the PATH. Debian has it in `percona-toolkit`. */
export const hasArchiver = (): Promise<boolean> =>
  run('pt-archiver', ['--version']).then(
    () => true,
    () => false,
  );

/** Deletes old jobs as jobsweep does, in transactions of a thousand. */
export async function archive(url: string, options: readonly string[]): Promise<void> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const source = `h=${hostname},P=${port},u=${username},D=${pathname.slice(1)},t=jobs${password && `,p=${password}`}`;
  const where = `state in ${FINISHED} and end_time < utc_timestamp() - interval 30 day`;
  const how = ['--purge', '--limit', '1000', '--commit-each', '--no-check-charset', ...options];
  await run('pt-archiver', ['--source', source, '--where', where, ...how]);
}
