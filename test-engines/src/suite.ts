import { EngineError } from './errors.js';

/** Whether a run asks for the whole contract suite on every adapter: `SUITE=whole`. Anything else but nothing is an error. */
export function asksForWholeSuite(suite = process.env.SUITE): boolean {
  if (!suite) return false;
  if (suite === 'whole') return true;
  throw new EngineError('ENGINE_UNAVAILABLE', `SUITE is "${suite}": say SUITE=whole, or leave it out`);
}
