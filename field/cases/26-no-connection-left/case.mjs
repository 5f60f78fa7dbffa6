import { watchStart } from './watch-start.mjs';

/** @type {import('../../src/case.js').Case} */
export default {
  title: 'No connection left',
  source: 'https://github.com/zammad/zammad/issues/4450',
  databases: ['postgres'],
  story: `"sorry, too many clients already": schedulers that were started while a server was full died, or did not come back when
    there was room again. \`jobsweep start\` has to wait and say so, as with a server that is away, and to go on when there is
    room.`,
  steps: [
    {
      watch: watchStart,
      right: 'the service waits, says so, and releases what a finished job holds when there is room',
    },
  ],
};
