import type { DatabaseName } from '../adapters/pairs.js';

/** What the demo needs to know of a kind of server beside its tables. */
interface ServerKind {
  readonly title: string;
  /** Name and release: `MariaDB 10.11.18`; `version` is what the server says. */
  readonly nameOf: (version: string) => string;
  /** Room for a million jobs: bulk loading and index builds, with durability as in production. */
  readonly settings: Readonly<Record<string, string>>;
  /** How to end a server of our own: its data go with it. */
  readonly endsBy: 'QUIT' | 'KILL';
  /** A shell command that drops a database on a server that is not ours. */
  readonly drop: (serverUrl: string, name: string) => string;
}

/** What follows the release is the packager's. */
const named = (title: string) => ({
  title,
  nameOf: (version: string) => `${title} ${version.replace(/(\d)-.*/, '$1')}`,
});

const mysqlKind = (title: string, client: string, settings: ServerKind['settings']): ServerKind => ({
  ...named(title),
  settings: { 'innodb-buffer-pool-size': '256M', ...settings },
  endsBy: 'KILL',
  drop: (serverUrl, name) => {
    const { hostname, port, username } = new URL(serverUrl);
    return `${client} -h ${hostname} -P ${port || 3306} -u ${username} -p -e 'DROP DATABASE ${name}'`;
  },
});

export const SERVERS: Readonly<Record<DatabaseName, ServerKind>> = {
  postgres: {
    ...named('PostgreSQL'),
    settings: { max_wal_size: '4GB', maintenance_work_mem: '256MB', work_mem: '64MB', shared_buffers: '256MB' },
    endsBy: 'QUIT',
    drop: (serverUrl, name) => `psql '${serverUrl}' -c 'DROP DATABASE ${name} WITH (FORCE)'`,
  },
  mysql: mysqlKind('MySQL', 'mysql', { 'innodb-redo-log-capacity': '1G' }),
  mariadb: mysqlKind('MariaDB', 'mariadb', { 'innodb-log-file-size': '1G' }),
  mongodb: {
    title: 'MongoDB',
    // Says what it is, which may be another product.
    nameOf: (version) => version,
    settings: {},
    endsBy: 'KILL',
    drop: (serverUrl, name) => `mongosh '${serverUrl}' --eval 'db.getSiblingDB("${name}").dropDatabase()'`,
  },
};
