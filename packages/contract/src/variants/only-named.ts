import { describe, type RunnerTestCase, type RunnerTestSuite, type SuiteCollector, test } from 'vitest';

const WITHIN = ' > ';

/** The test that is named for a fault. */
export interface Named {
  /** The titles of its groups and its own, joined by ` > `. */
  readonly title: string;
  /** Whether it passes, or there is none. Otherwise it has to fail. */
  readonly isHidden: boolean;
}

/**
 * Describes one test of all that `describeAll` describes: groups that are none of its own are never looked into, nor is
 * anything opened for them.
 */
export function describeOnly(name: string, { title, isHidden }: Named, describeAll: () => void): void {
  const described: SuiteCollector = describe(name, () => {
    describeAll();
    const isWithin = (group: string) => title === group || title.startsWith(group + WITHIN);
    const all = described.tasks.splice(0);
    described.tasks.push(...all.filter((task) => isWithin(task.name)));
    test('is found', () => {
      throw new Error(`The suite has no test "${title}" here, and no reason why`);
    });
  });
  const { collect } = described;
  described.collect = async (file) => {
    const suite = await collect(file);
    const isMissing = suite.tasks.slice(-1);
    const found = onlyIn(suite, title, '');
    if (found === undefined) suite.tasks = isHidden ? [] : isMissing;
    else if (!isHidden) found.fails = true;
    if (suite.tasks.length === 0) suite.mode = 'skip';
    return suite;
  };
}

/** Takes all other tests away, and the groups that have none then. */
function onlyIn(suite: RunnerTestSuite, title: string, path: string): RunnerTestCase | undefined {
  for (const task of suite.tasks) {
    const own = path + task.name;
    const found = task.type === 'suite' ? onlyIn(task, title, own + WITHIN) : own === title ? task : undefined;
    if (found === undefined) continue;
    suite.tasks = [task];
    return found;
  }
  suite.tasks = [];
  return undefined;
}
