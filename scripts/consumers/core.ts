// Compiled and run against the packed package, in a project that knows nothing of this workspace.
import * as core from '@jobsweep/core';

if (Object.keys(core).length === 0) throw new Error('@jobsweep/core exports nothing');
