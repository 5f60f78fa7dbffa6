import type { MissingPrivilege, Need, Table } from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import { runCommand } from '../session/command.js';

/** Something that has to be allowed, in MongoDB's words. */
interface Right {
  readonly action: string;
  /** The collection; `null`: the database. */
  readonly collection: string | null;
  readonly strategies: readonly string[];
}

/**
 * The commands of the reads and writes, and `listCollections`, by which a store learns how texts are compared. Transactions,
 * `hello` and ending a session of one's own need no privilege.
 */
function rightsOf({ mapping, settings }: MongoContext, needs: readonly Need[]): Right[] {
  const nameOf = (table: Table) =>
    Object.values(settings.ownTables).includes(table)
      ? table.name
      : mapping.collections.of(table).collection.collectionName;
  const actions = { ...ACTIONS, rely: mapping.fenceField === null ? null : 'update' };
  const rights = new Map<string, Right>();
  const add = (right: Right) => {
    const key = JSON.stringify([right.collection, right.action]);
    rights.set(key, {
      ...right,
      strategies: [...new Set([...(rights.get(key)?.strategies ?? []), ...right.strategies])],
    });
  };
  const all = [...new Set(needs.flatMap(({ strategies }) => strategies))];
  if (all.length > 0) add({ action: 'listCollections', collection: null, strategies: all });
  for (const { deed, table, strategies } of needs) {
    const action = actions[deed];
    if (action !== null) add({ action, collection: nameOf(table), strategies });
  }
  return [...rights.values()];
}

/** Reading locks what it has to. */
const ACTIONS = { read: 'find', insert: 'insert', update: 'update', delete: 'remove', lock: null } as const;

interface Privilege {
  readonly resource: {
    readonly db?: string;
    readonly collection?: string;
    readonly anyResource?: boolean;
  };
  readonly actions: readonly string[];
}

interface ConnectionStatus {
  readonly authInfo: {
    readonly authenticatedUsers: readonly unknown[];
    readonly authenticatedUserPrivileges?: readonly Privilege[];
  };
}

/** What the connection's own user may not do and has to. Where nobody is asked who they are, everything is allowed. */
export async function missingPrivileges(context: MongoContext, needs: readonly Need[]): Promise<MissingPrivilege[]> {
  const { authInfo } = await runCommand<ConnectionStatus>(context, { connectionStatus: 1, showPrivileges: true });
  if (authInfo.authenticatedUsers.length === 0) return [];
  const db = context.connection.name;
  return missingOf(db, rightsOf(context, needs), authInfo.authenticatedUserPrivileges ?? []);
}

/** Those rights that no privilege covers. */
export function missingOf(db: string, rights: readonly Right[], privileges: readonly Privilege[]): MissingPrivilege[] {
  const covers = ({ resource, actions }: Privilege, { action, collection }: Right) => {
    if (!actions.includes(action) && !actions.includes('anyAction')) return false;
    if (resource.anyResource === true) return true;
    // An empty name stands for all of them, but for those of the system.
    const isOfDb = resource.db === '' || resource.db === db;
    return isOfDb && (resource.collection === '' || (collection !== null && resource.collection === collection));
  };
  return rights
    .filter((right) => !privileges.some((privilege) => covers(privilege, right)))
    .map(({ action, collection, strategies }) => ({
      privilege: action,
      on: collection === null ? db : `${db}.${collection}`,
      strategies,
    }));
}

/** Lines for mongosh: a role with exactly what is needed, and the user, who gets it. */
export function grantScript(context: MongoContext, user: string, needs: readonly Need[]): string[] {
  const db = context.connection.name;
  const byCollection = new Map<string, string[]>();
  for (const { action, collection } of rightsOf(context, needs)) {
    byCollection.set(collection ?? '', [...(byCollection.get(collection ?? '') ?? []), action]);
  }
  const privileges = [...byCollection].map(([collection, actions]) => ({ resource: { db, collection }, actions }));
  const role = `jobsweep_${user}`;
  const rights = JSON.stringify({ privileges, roles: [] });
  const [quotedUser, quotedRole] = [JSON.stringify(user), JSON.stringify(role)];
  const on = `db.getSiblingDB(${JSON.stringify(db)})`;
  return [
    `if (${on}.getRole(${quotedRole}) === null) ${on}.createRole({ role: ${quotedRole}, privileges: [], roles: [] })`,
    `${on}.updateRole(${quotedRole}, ${rights})`,
    `if (${on}.getUser(${quotedUser}) === null) ${on}.createUser({ user: ${quotedUser}, pwd: passwordPrompt(), roles: [] })`,
    `${on}.grantRolesToUser(${quotedUser}, [${quotedRole}])`,
  ];
}
