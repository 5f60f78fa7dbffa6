import type { EngineName } from '@jobsweep/test-engines';
import type { Contender, Opening } from '../contender.js';
import { mongoByHand } from './mongo/index.js';
import { mysqlByHand } from './mysql/index.js';
import { postgresByHand } from './postgres/index.js';

export function byHand(engine: EngineName, opening: Opening): Promise<Contender> {
  if (engine === 'mongodb') return mongoByHand(opening);
  return engine === 'postgres' ? postgresByHand(opening) : mysqlByHand(opening);
}
