import { randomUUID } from 'node:crypto';
import type { OwnServer } from '../engine.js';
import { freePort } from '../ports.js';
import { withConnection } from './connect.js';
import { startEmbedded } from './embedded.js';
import { MYSQL } from './flavors.js';

/** MySQL servers of our own that replicate each other's writes. */
export interface Group {
  /** Each member. */
  readonly urls: readonly string[];
  /** Ends all members and deletes their data. */
  stop(): Promise<void>;
}

/** Who members log in as where they catch up with another one. */
const REPLICATOR = 'replicator';

/**
 * Starts members of MySQL's Group Replication, all of which take writes. About a quarter of a minute.
 *
 * @example
 * const group = await startGroup(3);
 * console.log(group.urls);
 * await group.stop();
 */
export async function startGroup(size: number, signal?: AbortSignal): Promise<Group> {
  const ports = await Promise.all(Array.from({ length: size }, () => freePort()));
  const name = randomUUID();
  const starts = await Promise.allSettled(ports.map((port, index) => startMember(name, index, port, ports, signal)));
  const members = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const stop = async () => {
    await Promise.all(members.map((member) => member.stop()));
  };
  try {
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
    for (const [index, { url }] of members.entries()) await join(url, index === 0);
  } catch (error) {
    await stop();
    throw error;
  }
  return { urls: members.map(({ url }) => url), stop };
}

function startMember(
  name: string,
  index: number,
  port: number,
  ports: readonly number[],
  signal: AbortSignal | undefined,
): Promise<OwnServer> {
  const addresses = ports.map((each) => `127.0.0.1:${each}`).join(',');
  return startEmbedded(MYSQL, {
    signal,
    // What it begins with is a copy, the name of the server too.
    files: { 'auto.cnf': `[auto]\nserver-uuid=${randomUUID()}\n` },
    settings: {
      'server-id': String(index + 1),
      'log-bin': 'binlog',
      'gtid-mode': 'ON',
      'enforce-gtid-consistency': 'ON',
      'report-host': '127.0.0.1',
      'plugin-load-add': 'group_replication.so',
      'group-replication-group-name': name,
      'group-replication-local-address': `127.0.0.1:${port}`,
      'group-replication-group-seeds': addresses,
      'group-replication-start-on-boot': 'OFF',
      'group-replication-single-primary-mode': 'OFF',
      'group-replication-enforce-update-everywhere-checks': 'ON',
      'group-replication-recovery-get-public-key': 'ON',
    },
  });
}

/** Lets a server join the group, the first one by founding it. */
async function join(url: string, isFirst: boolean): Promise<void> {
  await withConnection(url, async (connection) => {
    // What it wrote before it is a member would be news to the others.
    await connection.query('reset binary logs and gtids');
    await connection.query('set sql_log_bin = 0');
    await connection.query(`create user '${REPLICATOR}'@'%' identified by '${REPLICATOR}'`);
    await connection.query(`grant replication slave, connection_admin, backup_admin on *.* to '${REPLICATOR}'@'%'`);
    await connection.query('set sql_log_bin = 1');
    if (isFirst) await connection.query('set global group_replication_bootstrap_group = ON');
    await connection.query(`start group_replication user = '${REPLICATOR}', password = '${REPLICATOR}'`);
    if (isFirst) await connection.query('set global group_replication_bootstrap_group = OFF');
  });
}
