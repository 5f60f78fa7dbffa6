/** The two kinds of MongoDB server that tests tell apart: only a member of a replica set has transactions. */
export interface Topology {
  readonly name: 'mongodb' | 'mongodb-standalone';
  /** As results say it. */
  readonly title: 'replica set' | 'standalone';
  /** The environment variable that names a server of the user's. */
  readonly variable: 'MONGO_URL' | 'MONGO_STANDALONE_URL';
}

/** A replica set of one node, or whatever MONGO_URL names that has transactions. */
export const REPLICA_SET: Topology = { name: 'mongodb', title: 'replica set', variable: 'MONGO_URL' };

export const STANDALONE: Topology = {
  name: 'mongodb-standalone',
  title: 'standalone',
  variable: 'MONGO_STANDALONE_URL',
};
