import type { Trial } from '../trial.js';
import { runnersKilled } from './runners-killed.js';
import { serverKilled } from './server-killed.js';

export const TRIALS: readonly Trial[] = [serverKilled, runnersKilled];
