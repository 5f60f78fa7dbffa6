export {
  type AllocationEntity,
  type JobEntity,
  type JobsweepEntities,
  jobsweepEntities,
} from './entities/jobsweep-entities.js';
export type { EntitiesOption, Entity, NamedEntity } from './entities/option.js';
export { type OpenStoreOptions, openStore } from './open-store.js';
export type { TypeormStoreOptions } from './options.js';
export { TypeormCleanupRepository } from './typeorm-cleanup-repository.js';
export { typeormStore } from './typeorm-store.js';
