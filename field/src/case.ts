import type { Stage } from './stage.js';

export const DATABASES = ['postgres', 'mysql', 'mariadb'] as const;
export type DatabaseName = (typeof DATABASES)[number];

/** What somebody met with tables of their own: a folder of `cases` with `case.mjs`, `setup.sql` and `jobsweep.config.mjs`. */
export interface Case {
  /** What went wrong there, in a line. */
  readonly title: string;
  /** The public thread. */
  readonly source: string;
  /** Which databases it is replayed on. `setup.mysql.sql` goes before `setup.sql` on that database. */
  readonly databases: readonly DatabaseName[];
  /** What people there had, and what is right, for somebody who knows neither. */
  readonly story: string;
  /** What is done, and what has to hold, in this order. */
  readonly steps: readonly Step[];
}

export type Step = Command | Statement | Look | Watch;

/** What a step may say that expects something. */
interface Expectation {
  /** What is right, in a few words: `the slot is given back`. */
  readonly right: string;
  /** What jobsweep lacks for it. Without it a step that does not hold is a fault. */
  readonly waitsFor?: string;
}

/** Runs `jobsweep` in the folder of the case, with the database's URL in `DATABASE_URL`. */
export interface Command {
  readonly jobsweep: string;
  /** Variables besides `DATABASE_URL`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its exit status. Default: 0. */
  readonly exits?: number;
  /** The most memory that its process may take. */
  readonly maxMemoryMib?: number;
  /** What it prints, each in a line of its own. */
  readonly says?: readonly Saying[];
}

interface Saying extends Expectation {
  readonly line: RegExp;
}

/** What people there do besides, or what their application does meanwhile. */
interface Statement {
  readonly sql: string;
}

/** What the plain driver reads afterwards. */
export interface Look extends Expectation {
  readonly select: string;
  /** The rows, the values of each with a space between them; NULL is `-`. */
  readonly rows: readonly string[];
}

/** What rows alone do not tell. Gives what is wrong, or `undefined`. */
interface Watch extends Expectation {
  watch(stage: Stage): Promise<string | undefined>;
}
