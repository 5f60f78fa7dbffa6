import { type ConnectionOptions, Deadline, invalidOption, type OpenedStore } from '@jobsweep/core';
import {
  CONNECT_TIMEOUT_MS,
  MYSQL_DRIVER_OPTIONS,
  PG_DRIVER_OPTIONS,
  type SqlConnection,
  sqlConnection,
} from '@jobsweep/sql';
import { DataSource, type DataSourceOptions, type EntityManager } from 'typeorm';
import type { TypeormStoreOptions } from './options.js';
import { storeOn } from './typeorm-store.js';

/** Options of `openStore`: a data source that it makes itself knows no entities, so the mapping is all in `schema`. */
export type OpenStoreOptions = Omit<TypeormStoreOptions, 'entities'>;

/**
 * A `CleanupStore` on a data source of its own: `postgres://` through `pg`, `mysql://` and `mariadb://` through
 * `mysql2`. The data source is initialized by the first transaction, and by the next one where that failed, so whether
 * the server can be reached shows with the first statement, and a server that comes back is found again.
 *
 * Throws `INVALID_OPTION` for the URL of another database, without repeating it, and for `entities`, and whatever
 * `typeormStore` throws.
 *
 * @example
 * const { store, close } = await openStore({ url: 'postgres://localhost/cluster' });
 * console.log(await store.inspect.schema());
 * await close();
 */
export async function openStore(
  connection: ConnectionOptions,
  options: OpenStoreOptions = {},
): Promise<OpenedStore<EntityManager>> {
  const { entities } = options as TypeormStoreOptions;
  if (entities !== undefined) {
    throw invalidOption('entities', entities, 'map the tables with `schema`, or make the data source and typeormStore');
  }
  const dataSource = new DataSource(dataSourceOptions(sqlConnection(connection)));
  let starting: Promise<unknown> | undefined;
  let isClosed = false;

  const ready = async () => {
    if (isClosed) throw invalidOption('store', 'closed', 'open another one');
    if (dataSource.isInitialized) return;
    // It asks its first connection several things without any limit. Whoever comes after a silence begins anew.
    const deadline = new Deadline({ limitSeconds: CONNECT_TIMEOUT_MS / 1000 });
    starting ??= deadline
      .answered(() => dataSource.initialize())
      .finally(() => {
        deadline.end();
        starting = undefined;
      });
    await starting;
  };
  return {
    store: storeOn(dataSource, options, ready),
    async close() {
      isClosed = true;
      await starting?.catch(() => undefined);
      if (dataSource.isInitialized) await dataSource.destroy();
    },
  };
}

function dataSourceOptions({ engine, url, poolSize }: SqlConnection): DataSourceOptions {
  if (engine === 'postgres') {
    return { type: engine, url, poolSize, installExtensions: false, extra: PG_DRIVER_OPTIONS };
  }
  // TypeORM reads less from a URL than `mysql2` does: no parameters, such as those of TLS, and no IPv6 address.
  return { type: engine, poolSize, extra: { ...MYSQL_DRIVER_OPTIONS, uri: url } };
}
