import type { SqlConnection } from './connection.js';
import { mysqlWire } from './mysql/wire.js';
import { postgresWire } from './postgres/wire.js';
import type { Wire } from './wire.js';

export type { Wire } from './wire.js';

/** What is done to the connections of an engine's driver from outside. */
export const wireOf = ({ engine }: Pick<SqlConnection, 'engine'>): Wire =>
  engine === 'postgres' ? postgresWire : mysqlWire;
