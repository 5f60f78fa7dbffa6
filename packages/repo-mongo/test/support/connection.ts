import { createRequire } from 'node:module';
import mongoose, { type Connection } from 'mongoose';

/** Both ends of the range that the package accepts. */
export const RELEASES = ['newest', 'oldest'] as const;
export type Release = (typeof RELEASES)[number];

const require = createRequire(import.meta.url);

/**
 * A release of the library. To the compiler the oldest is none: its types declare the module under its own name. An
 * adapter that uses only what both have is given either.
 */
export function mongooseOf(release: Release): typeof mongoose {
  return release === 'newest' ? mongoose : (require('mongoose-oldest') as typeof mongoose);
}

/** An open connection to a database of the run. */
export function connectionTo(url: string, release: Release = 'newest'): Promise<Connection> {
  return mongooseOf(release).createConnection(url).asPromise();
}
