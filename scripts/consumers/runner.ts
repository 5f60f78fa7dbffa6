// Compiled and run against the packed package, in a project that knows nothing of this workspace.
import { execFileSync } from 'node:child_process';
import * as runner from '@jobsweep/runner';

if (Object.keys(runner).length === 0) throw new Error('@jobsweep/runner exports nothing');

const help = execFileSync('node_modules/.bin/jobsweep', ['--help'], { encoding: 'utf8' });
if (!help.includes('Usage: jobsweep')) throw new Error('The command jobsweep does not help');
