import type { Engine } from '../engine.js';
import { startEmbedded } from './embedded.js';
import { useExternal } from './external.js';
import { mongoProgram } from './programs.js';
import type { Topology } from './topologies.js';

/** MongoDB as a replica set or as a standalone server. */
export function mongoEngine(topology: Topology): Engine {
  const { title, variable } = topology;
  return {
    title: `MongoDB ${title}`,
    variable,

    async start(options) {
      const url = process.env[variable];
      return url ? useExternal(topology, url) : startEmbedded(topology, options);
    },

    startOwn: (options) => startEmbedded(topology, { ...options, stays: true }),

    async describe() {
      const url = process.env[variable];
      const { version, source } = url ? await useExternal(topology, url) : await mongoProgram(topology);
      return `${version} (${title}, ${source})`;
    },
  };
}
