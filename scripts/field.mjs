// `pnpm field [case...] [--database postgres,mysql]`: what people met with their own job tables, replayed on real servers by
// the `jobsweep` command. The exit status says whether all is right that does not wait for something.
import { nodeIsRecentEnough } from './lib/node-version.mjs';

if (nodeIsRecentEnough()) {
  import('./lib/field.mjs').then(({ field }) => field(process.argv.slice(2)));
}
