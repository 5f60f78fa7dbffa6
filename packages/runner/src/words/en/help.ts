/** `--help`, and what the command line refuses. */
export const help = {
  /** By the headings of the parser. */
  headings: { 'Usage:': 'Usage:', 'Arguments:': 'Arguments:', 'Options:': 'Options:', 'Commands:': 'Commands:' },
  program: 'Keeps tables of jobs and the resources they hold true: finds leaks, plans, and repairs.',
  usage: '<command> [options]',
  version: 'show the version',
  help: 'show this help',
  helpOf: 'show the help of a command',
  end: `
Exit status: 0 fine, 1 findings or failures, 2 wrong usage or config.
The config is jobsweep.config.ts, .mjs or .json in this folder, or --config <file>.`,
  config: 'the config file (default: jobsweep.config.{ts,mjs,json} in this folder)',
  json: 'print one JSON value for programs, and nothing else',
  init: {
    about: "Writes a config file, and shows or makes jobsweep's own tables.",
    database: 'the database',
    adapter: 'the adapter package',
    urlVariable: 'the environment variable that has its URL (default: PG_URL and the like)',
    jobsTable: 'the table of the jobs (default: jobs)',
    allocationsTable: 'the table of what they hold (default: resource_allocations)',
    noAllocationsTable: 'there is no such table',
    format: 'the format of a new file (default: ts)',
    force: 'write over a config file that is there',
    apply: "make jobsweep's own tables where they are missing, rather than show how",
    locale: 'the language of the command (default: that of the environment)',
    yes: 'ask nothing, take the defaults',
  },
  doctor: {
    about: 'Looks at all that may keep the strategies from working well on these tables.',
    measure: 'measure what looking for due rows costs',
    applyIndexes: 'make missing indexes, without locking out writes where the engine can',
    grants: 'only print the statements that give a user exactly what is needed',
  },
  list: { about: 'Lists the strategies: when they run, when they last did something, and who has their turn.' },
  plan: {
    about: 'Shows what each strategy would do now, and does nothing of it.',
    strategies: 'only these (default: all, those that are off too)',
    samples: 'rows to show of each',
    atMost: 'stop counting here',
  },
  run: {
    about: 'Runs one round: each strategy once, in the order of their dependencies.',
    strategies: 'only these; naming one that is off by default runs it',
    tags: 'only strategies with any of these tags',
    dryRun: 'look only, change nothing',
    yes: 'do not ask before deleting many jobs',
    maxRows: 'rows that each strategy may change',
    overrideBreaker: 'repair also when that is more than the breaker allows',
    verbose: 'write the log to standard error',
  },
  start: {
    about: 'Runs every strategy on its schedule until SIGTERM or SIGINT.',
    host: 'the address to serve the page, /healthz, /readyz and /metrics on (default: 127.0.0.1)',
    port: 'the port for them (default: 9464; 0: any)',
    noHttp: 'serve nothing',
    end: `
The page is served to this machine only; with http.token in the config, wherever the address is reached.

The first SIGTERM or SIGINT lets the batches in hand finish, for at most runner.graceSeconds; a second one ends
the process at once. The log goes to standard error.`,
  },
  history: {
    about: 'Shows the passes that did something, the newest first.',
    limit: 'passes to show',
    strategy: 'only passes of this strategy',
  },
  pause: {
    about: 'Keeps a strategy from repairing anything, on all runners, from now on.',
    strategy: 'which is to have no turns',
    for: 'how long, in s, m, h or d, such as 30m, 2h or 3d (default: until it is resumed)',
  },
  resume: { about: 'Lets a strategy that is paused have its turns again.', strategy: 'which is paused' },
  approve: {
    about: 'Lets one pass go on that a breaker has stopped, for as many rows as were due then, within 24 hours.',
    strategy: 'whose last pass was stopped',
  },
  show: {
    about: 'Shows what a pass has changed, row by row.',
    pass: 'its id, as `jobsweep history` names it',
    job: 'only what was changed of these jobs, and of what they hold; ids as `show` prints them',
    limit: 'rows to show',
  },
  undo: {
    about: 'Takes back what a pass has changed, where the rows are still as it left them, and pauses its strategy.',
    pass: 'its id, as `jobsweep history` names it',
    job: 'only what was changed of these jobs, and of what they hold; ids as `show` prints them',
    dryRun: 'look only, change nothing',
    yes: 'do not ask',
  },
  restore: {
    about: 'Puts deleted jobs back out of the archive, with all that hung on them, and pauses old_job_cleanup.',
    pass: 'only what this pass has deleted, as `jobsweep history` names it (default: all that is there)',
    job: 'only these jobs; ids as `show` prints them',
    dryRun: 'look only, change nothing',
    yes: 'do not ask',
  },
  /** By the parser's codes: what is wrong with a call, where its own message is in another language. */
  refusals: null as Readonly<Record<string, string>> | null,
  wholeNumber: (option: string, value: string, from: number, to: number | null) =>
    `${option} is '${value}': give a whole number from ${from} ${to === null ? 'on' : `to ${to}`}`,
};
