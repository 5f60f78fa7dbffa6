const LOGS = (/** @type {'IS' | 'IS NOT'} */ is) =>
  `SELECT count(*) FROM wp_actionscheduler_logs l LEFT JOIN wp_actionscheduler_actions a ON a.action_id = l.action_id
   WHERE a.action_id ${is} NULL`;

/** @type {import('../../src/case.js').Case} */
export default {
  title: 'Parents purged, 109 million logs left',
  source: 'https://github.com/woocommerce/action-scheduler/issues/1347',
  databases: ['mariadb'],
  story: `Actions and their logs are tied by a number, without a foreign key. The cleanup deleted actions only, and nearly all of
    109 832 657 logs were of actions that were gone, so that nothing could find them any more. Logs of purged actions have to go
    with them.`,
  steps: [
    { jobsweep: 'run --yes' },
    { select: 'SELECT count(*) FROM wp_actionscheduler_actions', rows: ['2000'], right: 'old actions are gone' },
    { select: LOGS('IS NOT'), rows: ['2000'], right: 'logs of young actions stay' },
    { select: LOGS('IS'), rows: ['0'], right: 'logs of purged actions are gone' },
  ],
};
