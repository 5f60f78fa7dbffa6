// Compiled and run against the packed package, in a project that knows nothing of this workspace.
import * as contract from '@jobsweep/contract';

if (Object.keys(contract).length === 0) throw new Error('@jobsweep/contract exports nothing');
