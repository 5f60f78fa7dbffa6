import type { Cluster, Layout } from '@jobsweep/contract';
import { archiveOf, withArchive } from './archive.js';
import { tablesOf } from './columns.js';
import { connectPlain } from './connect-plain.js';
import { sqlApplication, sqlOtherSide } from './sql-application.js';
import { sqlOwnTables } from './sql-own-tables.js';
import { SqlRows } from './sql-rows.js';

/** The adapter's own side of a cluster, on the tables of a database. */
export interface ConnectedAdapter<Session extends object> extends Pick<Cluster<Session>, 'store' | 'driven'> {
  /** Where another process finds `openStore` of the adapter, as a URL. */
  readonly module?: string;
  /** What it takes besides there. */
  readonly options?: object;
  close(): Promise<void>;
}

/** The suite's cluster on a database of PostgreSQL, MySQL or MariaDB. */
export async function openSqlCluster<Session extends object>(
  url: string,
  connect: (url: string, layout: Layout) => Promise<ConnectedAdapter<Session>>,
  layout: Layout = {},
): Promise<Cluster<Session>> {
  const isMysql = url.startsWith('mysql:');
  const tables = tablesOf(layout, {}, isMysql ? 'utcDateTime' : 'instant');
  const [sql, other] = [await connectPlain(url), await connectPlain(url)];
  const [rows, archive] = [new SqlRows(sql, tables), new SqlRows(sql, archiveOf(tables))];
  await rows.create(layout.isUnreferenced !== true);
  const adapter = await connect(url, layout);
  await archive.createLike(tables);
  const { schema } = layout;
  const { module, driven } = adapter;

  return {
    store: (options, parts) => adapter.store(withArchive({ ...(schema && { schema }), ...options }), parts),
    async seed({ jobs = [], allocations = [] }) {
      if (jobs.length > 0) await rows.insert('jobs', jobs);
      if (allocations.length > 0) await rows.insert('allocations', allocations);
    },
    read: () => rows.read(),
    archive: { read: () => archive.read() },
    async clear() {
      await rows.clear();
      await archive.clear();
    },
    now: async () => (await sql.query(`select ${sql.timeText(sql.now)} as now`))[0]?.now ?? '',
    second: sqlOtherSide(other, new SqlRows(other, tables), sql),
    async connect() {
      const connection = await connectPlain(url);
      return sqlApplication(connection, new SqlRows(connection, tables));
    },
    own: sqlOwnTables(sql),
    ...(module && { elsewhere: { module, connection: { url } } }),
    ...(driven && { driven }),
    async close() {
      await Promise.all([adapter.close(), sql.close(), other.close()]);
    },
  };
}
