// `pnpm bench [workload...] [--adapter knex] [--database mysql] [--rows 100000] [--rounds 7] [--long] [--json FILE] [--check]`:
// how fast a pass is beside SQL that is written by hand. `pnpm bench report FILE...`: what was measured, into the docs.
import { nodeIsRecentEnough } from './lib/node-version.mjs';

if (nodeIsRecentEnough()) {
  import('./lib/bench.mjs').then(({ bench }) => bench(process.argv.slice(2)));
}
