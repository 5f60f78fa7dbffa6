// `pnpm races 100000`: the randomised races of the contract suite, long, for every adapter and engine. Arguments: how
// many transactions of the application each pair gets, then names of packages (default: all that pass the suite).
// `pnpm races undo 10000`: the same of passes that are taken back while an application books resources.
import { nodeIsRecentEnough } from './lib/node-version.mjs';

if (nodeIsRecentEnough()) {
  import('./lib/races.mjs').then(({ races }) => races(process.argv.slice(2)));
}
