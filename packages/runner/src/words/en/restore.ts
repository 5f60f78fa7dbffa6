import { plural } from './plural.js';

/** `jobsweep restore`. */
export const restore = {
  would: (jobs: string) =>
    `${plural(jobs, 'job')} can be put back, with all that hung on ${jobs === '1' ? 'it' : 'them'}.`,
  nothingToDo: 'There is nothing in the archive that can be put back.',
  noSuchJob: (jobs: string) =>
    `No job ${jobs} is in the archive. Give ids as \`jobsweep show\` prints them, and a key of several columns as a JSON array of texts, such as --job '["n1","4"]'.`,
  staying: (rows: string, ids: string) =>
    `${plural(rows, 'row has a key that is taken, so its job stays in the archive whole', 'rows have keys that are taken, so their jobs stay in the archive whole')}: ${ids}`,
  contended: (jobs: string) => `${plural(jobs, 'job is', 'jobs are')} held by others now: run it again for the rest.`,
  confirm: (jobs: string) => `Put ${plural(jobs, 'job')} back, and pause old_job_cleanup?`,
  nobodyToAsk: (jobs: string) =>
    `This would put ${plural(jobs, 'job')} back and pause old_job_cleanup, and nobody is there to be asked. ` +
    'Nothing was done. Look at it with --dry-run, then give --yes.',
  done: (jobs: string) => `Put ${plural(jobs, 'job')} back.`,
  blocked: (row: string, message: string) => `${row} cannot be put back: ${message}`,
  note: 'Put deleted jobs back',
  noteOfPass: (id: string) => `Put back what pass ${id} has deleted`,
};
