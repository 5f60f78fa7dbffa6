import type { Trial } from '../trial.js';
import { archiveKill } from './archive-kill.js';
import { diskFull } from './disk-full.js';
import { dripping } from './dripping.js';
import { failover } from './failover.js';
import { frozen } from './frozen.js';
import { hostileTexts } from './hostile-texts.js';
import { pgbouncer } from './pgbouncer.js';
import { refusedInFront } from './refused-in-front.js';
import { runnersKilled } from './runners-killed.js';
import { serverKilled } from './server-killed.js';
import { slotsExhausted } from './slots-exhausted.js';

export const TRIALS: readonly Trial[] = [
  serverKilled,
  frozen,
  dripping,
  failover,
  slotsExhausted,
  diskFull,
  runnersKilled,
  pgbouncer,
  hostileTexts,
  refusedInFront,
  archiveKill,
];
