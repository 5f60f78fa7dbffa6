// `pnpm chaos [trial...] [--engine postgres,mysql] [--short]`: faults against real servers and real runners under the load
// of an application. A ledger in the database judges; the exit status says whether everything held.
import { nodeIsRecentEnough } from './lib/node-version.mjs';

if (nodeIsRecentEnough()) {
  import('./lib/chaos.mjs').then(({ chaos }) => chaos(process.argv.slice(2)));
}
