// `npm run demo`: sets up what is missing, then runs the demo with the arguments given.
import { nodeIsRecentEnough } from './lib/node-version.mjs';

if (nodeIsRecentEnough()) {
  import('./lib/demo.mjs').then(({ demo }) => demo(process.argv.slice(2)));
}
