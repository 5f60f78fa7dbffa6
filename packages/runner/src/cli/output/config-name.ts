import { DEFAULT_CONFIG } from '@jobsweep/core';
import type { Output } from './output.js';

/** Above what is kept under the name of a config: which one, where it is not the only one. */
export function sayConfigName(output: Output, name: string): void {
  if (name !== DEFAULT_CONFIG) output.say(output.style('dim', output.words.list.ofConfig(name)));
}
