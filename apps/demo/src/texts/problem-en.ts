import type { Problem } from '../errors.js';
import { listOf } from './lists.js';

/** One line that says what is wrong and, where that is not plain, what to do. */
export function problemEn(problem: Problem): string {
  switch (problem.kind) {
    case 'unreadable':
      return `Cannot read ${problem.path}: ${problem.reason}`;
    case 'notALog': {
      const where = problem.line === undefined ? 'it has no record' : `line ${problem.line} is no record of 18 numbers`;
      return `${problem.path} is no log in Standard Workload Format: ${where}`;
    }
    case 'noJobs':
      return `${problem.path} has no job to import: none of ${problem.skipped} lines makes one`;
    case 'badUsage':
      return `${problem.message} (see --help)`;
    case 'badNumber': {
      const what = problem.whole ? 'a whole number' : 'a number';
      return `${problem.option} ${problem.value}: give ${what} from ${problem.from} to ${problem.to}`;
    }
    case 'badRange':
      return `${problem.option} ${problem.value}: give two numbers from ${problem.from} to ${problem.to}, such as 1-10`;
    case 'badChoice':
      return `${problem.option} ${problem.value}: give ${listOf(problem.choices, ', ', ' or ')}`;
    case 'noPair': {
      const pairs = Object.entries(problem.databasesOf).map(
        ([adapter, databases]) => `${adapter} with ${listOf(databases, ', ', ' or ')}`,
      );
      return `--adapter ${problem.adapter} --database ${problem.database}: there is no such pair, give ${pairs.join('; ')}`;
    }
    case 'unwritable':
      return `Cannot write ${problem.path}: ${problem.reason}`;
    case 'noServer':
      return problem.message;
  }
}
