import { type ContextParts, DriverRepository } from '@jobsweep/core';
import type { ClientSession, Connection } from 'mongoose';
import { type MongoContext, mongoContext } from './context.js';
import { MongoDriver } from './driver/mongo-driver.js';
import type { MongoRepositoryOptions } from './options.js';

/**
 * `CleanupRepository` on mongoose, for people who bring their own transactions; `mongoStore` has one inside.
 *
 * @example
 * const repository = new MongoCleanupRepository(connection);
 * await connection.transaction(async (session) => {
 *   const stuck = await repository.getStuckJobs(session, 48);
 *   await repository.markJobsAsFailed(session, stuck, 'Ran for two days');
 * });
 */
export class MongoCleanupRepository extends DriverRepository<ClientSession> {
  /**
   * Throws `INVALID_OPTION` for a value out of its range and `INVALID_SCHEMA` for a mapping that contradicts itself.
   *
   * @param context what `mongoStore` shares between the repository and its transactions.
   * @param parts that differ from the standard: for tests that prove that a rule is tested.
   */
  constructor(
    connection: Connection,
    options: MongoRepositoryOptions = {},
    context: MongoContext = mongoContext(connection, options),
    parts?: Partial<ContextParts>,
  ) {
    super(new MongoDriver(context), context.mapping.parts, parts);
  }
}
