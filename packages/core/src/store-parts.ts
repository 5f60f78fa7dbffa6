import type { ContextParts } from './protocol/context.js';
import type { TurnParts } from './service/own.js';

/** What may differ from the standard in a store on a driver, in tests that prove that each rule is tested. */
export interface StoreParts {
  readonly operations?: Partial<ContextParts>;
  readonly turns?: TurnParts;
}
