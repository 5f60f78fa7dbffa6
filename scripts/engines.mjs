// `pnpm engines up`: starts servers for development and prints their URLs, until Ctrl-C.
import { nodeIsRecentEnough } from './lib/node-version.mjs';

if (nodeIsRecentEnough()) {
  import('./lib/engines.mjs').then(({ engines }) => engines(process.argv.slice(2)));
}
