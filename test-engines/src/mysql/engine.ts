import type { Engine } from '../engine.js';
import { startEmbedded } from './embedded.js';
import { useExternal } from './external.js';
import type { Flavor } from './flavors.js';
import { mysqlProgram } from './programs.js';

/** MySQL or MariaDB. */
export function mysqlEngine(flavor: Flavor): Engine {
  const { title, variable } = flavor;
  return {
    title,
    variable,

    async start(options) {
      const url = process.env[variable];
      return url ? useExternal(flavor, url) : startEmbedded(flavor, options);
    },

    startOwn: (options) => startEmbedded(flavor, { ...options, stays: true }),

    async describe() {
      const url = process.env[variable];
      if (url) return `${title} ${(await useExternal(flavor, url)).version} (${variable})`;
      const { version, source } = await mysqlProgram(flavor);
      return `${title} ${version} (${source})`;
    },
  };
}
