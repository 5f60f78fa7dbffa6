/** `jobsweep init`: questions and answers. */
export const init = {
  whichDatabase: 'Which database?',
  whichLibrary: 'Through which library? (either works beside any application)',
  whichVariable: 'Environment variable with its URL:',
  jobsTable: 'Table of the jobs:',
  allocationsTable: (none: string) => `Table of what they hold ('${none}' if there is none):`,
  none: 'none',
  move: 'navigate',
  choose: 'select',
  required: 'Give a value',
  wrote: (file: string) => `Wrote ${file}.`,
  wasThere: (file: string) => `${file} is there, and was left as it is.`,
  needs: (packages: string) => `It needs: npm install ${packages}`,
  notReachable: 'The database cannot be reached with it yet:',
  afterwards: 'Then: jobsweep init --apply',
  tablesThere: "jobsweep's own tables are there.",
  made: (tables: string) => `Made ${tables}.`,
  next: 'Next: jobsweep doctor, then jobsweep plan',
  noTables: 'This adapter makes no tables of its own: one runner works alone, without history.',
  ddlTitle: "-- jobsweep's own tables, for several runners and the history. `jobsweep init --apply` makes them:",
  fileThere: (file: string) => `${file} is there already. Give --force to write over it, or change it by hand.`,
  otherThere: (file: string) => `${file} is there already. Delete it before you make another one.`,
  wrongEnding: (file: string, endings: string) => `--config is '${file}': give a file that ends in ${endings}`,
  twoFormats: (format: string, extension: string) =>
    `--format is ${format} and --config ends in .${extension}: drop one of them`,
  notFor: (adapter: string, database: string, databases: string) =>
    `${adapter} is not for ${database}: it is for ${databases}`,
  comments: {
    options:
      'Every option: docs/cli.md of jobsweep. Look with `npx jobsweep doctor` and `npx jobsweep plan` before the first run.',
    url: `\${NAME} is an environment variable, so that no password is in this file.`,
    schema: "Your tables in jobsweep's words: names, columns, how times are kept, the values of each state.",
    noAllocations: 'there is no such table',
    name: 'What turns and history are kept under: each config on one database needs its own.',
    filters: 'Which jobs may be seen and touched: a tenant, a queue; never these names.',
    completed: 'Releases what finished jobs still hold.',
    stale: 'Fails and releases reservations that nobody took up.',
    stuck: 'Fails and releases jobs that run too long.',
    old: 'Deletes finished jobs. It is off: `enabled: true` turns it on, once you have looked at what `npx jobsweep plan` shows.',
    assumptions:
      'What nobody has confirmed yet. Look at each and delete its line: until then `run` and `start` refuse.',
  },
};
