import { createStrategies, runPass } from '@jobsweep/core';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import { expect, test } from 'vitest';
import { jobsweepEntities, typeormStore } from '../src/index.js';
import { dataSourceOf } from './support/data-source.js';

const database = freshDatabase('prepared');

test('Statements by keys are prepared where the store is told so, and are in the log of the data source', async () => {
  const logged: string[] = [];
  const unheard = () => {};
  const logger = {
    logQuery: (text: string) => void logged.push(text),
    ...{ logQueryError: unheard, logQuerySlow: unheard, logSchemaBuild: unheard, logMigration: unheard, log: unheard },
  };
  const entities = Object.values(jobsweepEntities('postgres'));
  // One connection, whose prepared statements are all that there are.
  const dataSource = await dataSourceOf('postgres', database.url, { entities, poolSize: 1, logger }).initialize();
  try {
    await dataSource.synchronize();
    await dataSource.query(
      "insert into jobs (id, state, start_time) select id, 'RUNNING', now() - interval '9 days' from generate_series(1, 9) id",
    );
    logged.length = 0;
    const store = typeormStore(dataSource, { prepare: true });
    const [stuck] = createStrategies(store).filter(({ name }) => name === 'stuck_job_cleanup');
    const pass = stuck && (await runPass(store, stuck));
    expect(pass).toMatchObject({ status: 'done', itemsCleaned: 9 });
    const kept = await dataSource.query<{ statement: string }[]>('select statement from pg_prepared_statements');
    expect(kept.length).toBeGreaterThan(1);
    expect(logged).toEqual(expect.arrayContaining(kept.map(({ statement }) => statement)));
  } finally {
    await dataSource.destroy();
  }
});
