import type { Words } from '../en/index.js';
import { approve } from './approve.js';
import { config } from './config.js';
import { doctor } from './doctor.js';
import { failures } from './failures.js';
import { help } from './help.js';
import { history } from './history.js';
import { init } from './init.js';
import { list } from './list.js';
import { pause } from './pause.js';
import { plan } from './plan.js';
import { proposal } from './proposal.js';
import { reasons } from './reasons.js';
import { restore } from './restore.js';
import { run } from './run.js';
import { start } from './start.js';
import { time } from './time.js';
import { undo } from './undo.js';

/** Simplified Chinese. */
export const zhCN: Words = {
  approve,
  config,
  doctor,
  failures,
  help,
  history,
  init,
  list,
  pause,
  plan,
  proposal,
  reasons,
  restore,
  run,
  start,
  time,
  undo,
};
