// Compiled and run against the packed package, in a project that knows nothing of this workspace.
import * as repoMongo from '@jobsweep/repo-mongo';

if (Object.keys(repoMongo).length === 0) throw new Error('@jobsweep/repo-mongo exports nothing');
