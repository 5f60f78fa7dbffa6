import { insteadOf } from '@jobsweep/core';
import type { Ask, Writers } from '../../catalog.js';
import { listed, sql } from '../../driver/sql.js';
import type { SqlSession } from '../../library.js';

const VARIABLES = ['wsrep_on', 'group_replication_group_name', 'group_replication_single_primary_mode'] as const;

/** What a node says of its cluster, by the server's own names; what it does not know is missing. */
type NodeFacts = { readonly [Name in (typeof VARIABLES)[number] | 'wsrep_cluster_size']?: string };

/** See `ServerCatalog.writers`. */
export async function writers(ask: Ask): Promise<Writers | undefined> {
  const facts = await ask(nodeFacts);
  return writersOf(facts, facts.group_replication_single_primary_mode === 'OFF' ? await primaries(ask) : null);
}

/**
 * The nodes that take writes where there are several.
 *
 * @param primaryCount members of Group Replication that take writes; `null`: not known.
 */
function writersOf(facts: NodeFacts, primaryCount: number | null): Writers | undefined {
  const nodes = Number(facts.wsrep_cluster_size ?? 0);
  if (facts.wsrep_on === 'ON' && nodes > 1) return { cluster: 'Galera', nodes };
  const { group_replication_group_name: group = '', group_replication_single_primary_mode: isSingle } = facts;
  if (group === '' || isSingle !== 'OFF' || (primaryCount !== null && primaryCount <= 1)) return undefined;
  return { cluster: 'Group Replication', nodes: primaryCount };
}

/** What is shown here needs no privilege. */
async function nodeFacts({ run }: SqlSession): Promise<NodeFacts> {
  const variables = await run(sql`show global variables where variable_name in (${listed(VARIABLES)})`);
  const status = await run(sql`show global status like 'wsrep_cluster_size'`);
  const shown = [...variables, ...status].map(({ Variable_name: name, Value: value }) => [name ?? '', value ?? '']);
  return Object.fromEntries(shown) as NodeFacts;
}

/** Few users may read this table. */
const primaries = (ask: Ask): Promise<number | null> =>
  ask(async ({ run }) => {
    const [row] = await run(
      sql`select count(*) as n from performance_schema.replication_group_members where member_role = 'PRIMARY'`,
    );
    return Number(row?.n);
  }).catch(insteadOf('PERMISSION_DENIED', null));
