// Compiled and run against the packed package, in a project that knows nothing of this workspace.
import * as sql from '@jobsweep/sql';

if (Object.keys(sql).length === 0) throw new Error('@jobsweep/sql exports nothing');
