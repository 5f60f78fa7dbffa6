import type { Cluster } from '../cluster.js';
import type { Tables } from '../rows.js';

export async function openMongoCluster(_serverUrl: string, _rows: Tables): Promise<Cluster> {
  throw new Error('not yet');
}
