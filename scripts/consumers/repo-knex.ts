// Compiled and run against the packed package, in a project that knows nothing of this workspace.
import * as repoKnex from '@jobsweep/repo-knex';

if (Object.keys(repoKnex).length === 0) throw new Error('@jobsweep/repo-knex exports nothing');
