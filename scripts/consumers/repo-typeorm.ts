// Compiled and run against the packed package, in a project that knows nothing of this workspace.
import * as repoTypeorm from '@jobsweep/repo-typeorm';

if (Object.keys(repoTypeorm).length === 0) throw new Error('@jobsweep/repo-typeorm exports nothing');
