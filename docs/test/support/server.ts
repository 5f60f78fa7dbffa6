import '@jobsweep/test-engines/vitest';
import { inject } from 'vitest';

/** The PostgreSQL of the run; only in tests and hooks. */
export const serverUrl = (): string => inject('postgresUrl');
