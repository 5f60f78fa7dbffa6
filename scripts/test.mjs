// `npm test`: sets up what is missing, runs every package's tests and sums them up. Arguments go to turbo.
import { nodeIsRecentEnough } from './lib/node-version.mjs';

if (nodeIsRecentEnough()) {
  import('./lib/test.mjs').then(({ test }) => test(process.argv.slice(2)));
}
