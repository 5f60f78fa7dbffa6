// Works in a process of its own, and tells how much memory that took over what the process had before.
import type { EngineName } from '@jobsweep/test-engines';
import type { Act } from '../contender.js';
import { byHand } from '../hand/by-hand.js';
import { ADAPTERS, jobsweep } from '../jobsweep.js';

const [, , engine, url = '', who, act, maxRows] = process.argv;
const opening = { url, hasLogs: false };
const adapter = ADAPTERS.find((name) => name === who);
const contender =
  adapter === undefined ? await byHand(engine as EngineName, opening) : await jobsweep(adapter, opening);
const KIB = 1024;
const MIB = KIB * KIB;

const bare = process.memoryUsage.rss();
const changed = await contender.drain(act as Act, Number(maxRows));
const mibOver = (process.resourceUsage().maxRSS * KIB - bare) / MIB;
await contender.close();
process.send?.({ changed, mibOver });
