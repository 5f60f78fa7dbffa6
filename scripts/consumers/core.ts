// Compiled and run against the packed package, in a project that knows nothing of this workspace.
import * as core from '@jobsweep/core';
import { MemoryDatabase, memoryStore } from '@jobsweep/core/memory';

if (Object.keys(core).length === 0) throw new Error('@jobsweep/core exports nothing');

const { repository, transaction } = memoryStore(new MemoryDatabase());
const jobs = await transaction((session) => repository.getStuckJobs(session, 48));
if (jobs.length > 0) throw new Error('@jobsweep/core/memory finds jobs where there are none');
