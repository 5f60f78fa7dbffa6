import type { mongo } from 'mongoose';
import type { Mapping } from '../mapping/mapping.js';
import type { OpenSession } from '../session/open-session.js';
import { exactText } from '../values/bson.js';
import { chunksOf } from './chunks.js';

/**
 * Jobs that a server without transactions has deleted, and whose allocations could not be deleted after them, because
 * the connection was lost, say. The next delete begins with these.
 */
export class Orphans {
  private jobIds: unknown[] = [];

  /** Deletes the allocations of jobs that are gone: of those given, and of those left over. Remembers what fails. */
  async deleteChildren(
    jobIds: readonly unknown[],
    deleteOf: (jobIds: readonly unknown[]) => Promise<void>,
  ): Promise<void> {
    const pending = [...this.jobIds, ...jobIds];
    this.jobIds = pending;
    for (const chunk of chunksOf(pending)) {
      await deleteOf(chunk);
      this.jobIds = this.jobIds.filter((id) => !chunk.includes(id));
    }
  }

  /** Forgets jobs that are there again: somebody uses their ids anew. */
  async forgetReturned(session: OpenSession, { bson, jobs }: Mapping): Promise<void> {
    const { collection, fields } = jobs;
    for (const chunk of chunksOf(this.jobIds)) {
      const back: mongo.Document[] = [
        { $match: { [fields.id]: { $in: [...chunk] } } },
        { $project: { _id: 0, id: `$${fields.id}` } },
      ];
      const returned = (await session.rows<{ readonly id: unknown }>(collection, back)).map(({ id }) =>
        exactText(bson, id),
      );
      this.jobIds = this.jobIds.filter((id) => !returned.includes(exactText(bson, id)));
    }
  }
}
