/** `jobsweep restore`. */
export const restore = {
  would: (jobs: string) => `${jobs} jobs can be put back, with all that hung on them.`,
  nothingToDo: 'There is nothing in the archive that can be put back.',
  staying: (rows: string, ids: string) =>
    `${rows} rows stay in the archive, since their table has one with their key: ${ids}`,
  contended: (jobs: string) => `${jobs} jobs are held by others now: run it again for these.`,
  confirm: (jobs: string) => `Put ${jobs} jobs back, and pause old_job_cleanup?`,
  nobodyToAsk: (jobs: string) =>
    `This would put ${jobs} jobs back and pause old_job_cleanup, and nobody is there to be asked. ` +
    'Nothing was done. Look at it with --dry-run, then give --yes.',
  done: (jobs: string) => `Put ${jobs} jobs back.`,
  blocked: (row: string, message: string) => `${row} cannot be put back: ${message}`,
  note: 'Put deleted jobs back',
  noteOfPass: (id: string) => `Put back what pass ${id} has deleted`,
};
