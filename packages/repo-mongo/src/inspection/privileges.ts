import { invalidOption, type MissingPrivilege, offeredOf, type PrivilegeOptions, throwIfAborted } from '@jobsweep/core';
import type { MongoContext } from '../context.js';
import { runCommand } from '../session/command.js';
import { type Need, needsOf } from './needs.js';

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
export async function missingPrivileges(
  context: MongoContext,
  { strategies, ownTables, signal }: PrivilegeOptions,
): Promise<MissingPrivilege[]> {
  const needs = needsOf(context, offeredOf(context.mapping.parts, strategies), ownTables);
  throwIfAborted(signal);
  const { authInfo } = await runCommand<ConnectionStatus>(context, { connectionStatus: 1, showPrivileges: true });
  if (authInfo.authenticatedUsers.length === 0) return [];
  const db = context.connection.name;
  return missingOf(db, needs, authInfo.authenticatedUserPrivileges ?? []);
}

/** Those needs that no privilege covers. */
export function missingOf(db: string, needs: readonly Need[], privileges: readonly Privilege[]): MissingPrivilege[] {
  const covers = ({ resource, actions }: Privilege, { action, collection }: Need) => {
    if (!actions.includes(action) && !actions.includes('anyAction')) return false;
    if (resource.anyResource === true) return true;
    // An empty name stands for all of them, but for those of the system.
    const isOfDb = resource.db === '' || resource.db === db;
    return isOfDb && (resource.collection === '' || (collection !== null && resource.collection === collection));
  };
  return needs
    .filter((need) => !privileges.some((privilege) => covers(privilege, need)))
    .map(({ action, collection, strategies }) => ({
      privilege: action,
      on: collection === null ? db : `${db}.${collection}`,
      strategies,
    }));
}

/** Lines for mongosh: a role with exactly what is needed, and the user, who gets it. */
export function grantScript(
  context: MongoContext,
  user: string,
  { strategies, ownTables }: PrivilegeOptions,
): string[] {
  if (typeof user !== 'string' || user === '') throw invalidOption('user', user, 'give the name of a user');
  const db = context.connection.name;
  const byCollection = new Map<string, string[]>();
  for (const { action, collection } of needsOf(context, offeredOf(context.mapping.parts, strategies), ownTables)) {
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
