import type { Engine } from '../engine.js';
import { postgresBinaries } from './binaries.js';
import { startEmbedded } from './embedded.js';
import { useExternal } from './external.js';

export const postgresEngine: Engine = {
  title: 'PostgreSQL',
  variable: 'PG_URL',

  async start(options) {
    const url = process.env.PG_URL;
    return url ? useExternal(url, options.signal) : startEmbedded(options);
  },

  startOwn: (options) => startEmbedded({ ...options, stays: true }),

  async describe() {
    const url = process.env.PG_URL;
    if (url) return `PostgreSQL ${(await useExternal(url)).version} (PG_URL)`;
    return `PostgreSQL ${(await postgresBinaries()).release.replace(/\.0-beta.*/, '')} (embedded)`;
  },
};
