// `pnpm bench [workload...] [--adapter knex] [--database mysql] [--rows 100000] [--rounds 5] [--json FILE]`: how fast a pass
// is beside SQL that is written by hand. It asserts nothing.
import { nodeIsRecentEnough } from './lib/node-version.mjs';

if (nodeIsRecentEnough()) {
  import('./lib/bench.mjs').then(({ bench }) => bench(process.argv.slice(2)));
}
