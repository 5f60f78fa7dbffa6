// `pnpm engines build tidb`: builds what cannot be fetched, once.
import { EngineError } from './errors.js';
import { buildTidb } from './tidb/build.js';

console.log('Building TiDB out of its Go modules. This takes ten minutes or more ...');
try {
  console.log(`Made ${await buildTidb()}. Tests use it from now on.`);
} catch (error) {
  if (!(error instanceof EngineError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
