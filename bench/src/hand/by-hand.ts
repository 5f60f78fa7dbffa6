import type { EngineName } from '@jobsweep/test-engines';
import type { Contender, Opening } from '../contender.js';
import { mysqlByHand } from './mysql/index.js';
import { postgresByHand } from './postgres/index.js';

export const byHand = (engine: EngineName, opening: Opening): Promise<Contender> =>
  (engine === 'postgres' ? postgresByHand : mysqlByHand)(opening);
