/** What differs between the two servers that speak MySQL's protocol, where they are found and made. */
export interface Flavor {
  readonly name: 'mysql' | 'mariadb';
  readonly title: string;
  /** The environment variable that names a server. */
  readonly variable: 'MYSQL_URL' | 'MARIADB_URL';
  readonly program: 'mysqld' | 'mariadbd';
  readonly debian: { readonly suite: string; readonly name: string };
  /** Settings that only this one knows. */
  readonly settings: Readonly<Record<string, string>>;
  /** Settings for speed alone that only this one knows. */
  readonly careless: Readonly<Record<string, string>>;
}

export const MYSQL: Flavor = {
  name: 'mysql',
  title: 'MySQL',
  variable: 'MYSQL_URL',
  program: 'mysqld',
  // The only suite of Debian that has it.
  debian: { suite: 'sid', name: 'mysql-server-core' },
  settings: { mysqlx: 'OFF', 'secure-file-priv': 'NULL' },
  careless: { 'disable-log-bin': '', 'innodb-redo-log-capacity': '64M' },
};

export const MARIADB: Flavor = {
  name: 'mariadb',
  title: 'MariaDB',
  variable: 'MARIADB_URL',
  program: 'mariadbd',
  // The oldest release that jobsweep supports.
  debian: { suite: 'bookworm', name: 'mariadb-server-core' },
  settings: { 'skip-log-bin': '' },
  careless: { 'innodb-log-file-size': '64M' },
};

/** Whether a server's version text is MariaDB's. */
export const isMariadb = (version: string): boolean => /mariadb/i.test(version);
