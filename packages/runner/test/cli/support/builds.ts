import type { EngineName } from '@jobsweep/test-engines';
import { connectPlain, withMongo } from '@jobsweep/test-engines';
import { freshDatabase } from '@jobsweep/test-engines/vitest';
import { beforeEach } from 'vitest';

const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR_MS);

/** Builds and their locks, in words of nobody's: one is stuck, one holds what it should not, one is old, one is paused. */
const BUILDS = [
  { id: 1, title: 'nightly', status: 'building', started_at: hoursAgo(72), finished_at: null, error_message: null },
  { id: 2, title: 'nightly', status: 'done', started_at: hoursAgo(3), finished_at: hoursAgo(2), error_message: null },
  {
    id: 3,
    title: 'release',
    status: 'done',
    started_at: hoursAgo(2000),
    finished_at: hoursAgo(1999),
    error_message: null,
  },
  {
    id: 4,
    title: 'release',
    status: 'crashed',
    started_at: hoursAgo(5),
    finished_at: hoursAgo(4),
    error_message: 'boom',
  },
  { id: 5, title: 'release', status: 'paused', started_at: hoursAgo(90), finished_at: null, error_message: null },
] as const;
const LOCKS = [
  { id: 11, build_job_id: 2, state: 'locked', locked_at: hoursAgo(3), released_at: null },
  { id: 12, build_job_id: 3, state: 'free', locked_at: hoursAgo(2000), released_at: hoursAgo(1999) },
] as const;
const LOGS = [{ id: 21, build_job_id: 3 }] as const;

/** A database with tables that nobody has mapped, made anew for each test. */
export function useBuilds(engine: EngineName) {
  const database = freshDatabase('builds', engine);
  beforeEach(() => (engine === 'mongodb' ? fillMongo(database.url) : fillSql(database.url, engine === 'postgres')));
  return {
    get url() {
      return database.url;
    },
    /** The status of each build, and the state of each lock. */
    states: () => (engine === 'mongodb' ? readMongo(database.url) : readSql(database.url)),
  };
}

async function fillSql(url: string, isPostgres: boolean): Promise<void> {
  const plain = await connectPlain(url);
  const time = isPostgres ? 'timestamptz' : 'datetime';
  for (const statement of [
    'DROP TABLE IF EXISTS build_logs',
    'DROP TABLE IF EXISTS build_locks',
    'DROP TABLE IF EXISTS build_jobs',
    `CREATE TABLE build_jobs (
      id bigint PRIMARY KEY, title varchar(100), status varchar(20) NOT NULL, started_at ${time}, finished_at ${time},
      error_message text)`,
    `CREATE TABLE build_locks (
      id bigint PRIMARY KEY, build_job_id bigint NOT NULL, state varchar(20) NOT NULL, locked_at ${time}, released_at ${time},
      FOREIGN KEY (build_job_id) REFERENCES build_jobs (id))`,
    `CREATE TABLE build_logs (
      id bigint PRIMARY KEY, build_job_id bigint NOT NULL,
      FOREIGN KEY (build_job_id) REFERENCES build_jobs (id) ON DELETE CASCADE)`,
  ]) {
    await plain.query(statement);
  }
  for (const [table, rows] of Object.entries({ build_jobs: BUILDS, build_locks: LOCKS, build_logs: LOGS })) {
    for (const row of rows) {
      const values = Object.values(row).map((value: unknown) => (value instanceof Date ? textOf(value) : value));
      const places = values.map(() => '?').join(', ');
      await plain.query(`INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${places})`, values);
    }
  }
  await plain.close();
}

/** In UTC, as either kind of column takes it. */
const textOf = (date: Date): string => date.toISOString().slice(0, 19).replace('T', ' ');

async function readSql(url: string): Promise<Record<string, string | null>> {
  const plain = await connectPlain(url);
  const rows = await plain.query(
    'SELECT id, status FROM build_jobs UNION ALL SELECT id, state FROM build_locks UNION ALL SELECT id, NULL FROM build_logs',
  );
  await plain.close();
  return Object.fromEntries(rows.map(({ id, status }) => [String(id), status ?? null]));
}

async function fillMongo(url: string): Promise<void> {
  await withMongo(url, async (client) => {
    const db = client.db();
    for (const [name, rows] of Object.entries({ build_jobs: BUILDS, build_locks: LOCKS, build_logs: LOGS })) {
      await db.collection(name).deleteMany({});
      await db.collection(name).insertMany(rows.map(({ id, ...row }) => ({ _id: id as never, ...row })));
    }
  });
}

async function readMongo(url: string): Promise<Record<string, string | null>> {
  return withMongo(url, async (client) => {
    const of = (name: string) => client.db().collection(name).find().toArray();
    const rows = [...(await of('build_jobs')), ...(await of('build_locks')), ...(await of('build_logs'))];
    return Object.fromEntries(
      rows.map(({ _id, status, state }) => [String(_id), (status ?? state ?? null) as string | null]),
    );
  });
}
