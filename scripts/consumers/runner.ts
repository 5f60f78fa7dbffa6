// Compiled and run against the packed package, in a project that knows nothing of this workspace.
import * as runner from '@jobsweep/runner';

if (Object.keys(runner).length === 0) throw new Error('@jobsweep/runner exports nothing');
