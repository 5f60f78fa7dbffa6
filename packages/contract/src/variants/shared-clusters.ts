import type { Cluster, ContractSubject, Layout } from '../cluster.js';

/** The clusters of a subject, one of each layout, opened when it is first wanted and closed at the end. */
export class SharedClusters<Session extends object> {
  private readonly opened = new Map<string, Promise<Cluster<Session>>>();

  constructor(private readonly subject: Pick<ContractSubject<Session>, 'open'>) {}

  open(layout: Layout = {}): Promise<Cluster<Session>> {
    const key = JSON.stringify(layout);
    const cluster = this.opened.get(key) ?? this.subject.open(layout);
    this.opened.set(key, cluster);
    return cluster;
  }

  async close(): Promise<void> {
    await Promise.all([...this.opened.values()].map(async (cluster) => (await cluster).close()));
  }
}
