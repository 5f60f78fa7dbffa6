import { asError } from './errors.js';
import { keptText } from './service/kept-text.js';
import { withoutSecrets } from './without-secrets.js';

/** What a database said beside the message of an error; each text cut to 200 characters, and without passwords. */
export interface DatabaseWords {
  /** What the errors below it say that the message does not say already, the nearest first. */
  readonly causes: readonly string[];
  /** Which rows or values it was about: PostgreSQL's DETAIL, MongoDB's reasons of a validator. */
  readonly detail: string | null;
  /** PostgreSQL's HINT. */
  readonly hint: string | null;
}

/** Values of rows are among these words: enough to know them by, and not a whole document. */
const MAX_LENGTH = 200;
const MAX_DEPTH = 5;

interface AnyError {
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly detail?: unknown;
  readonly hint?: unknown;
  readonly errInfo?: { readonly details?: unknown };
}

/** What the database said of an error, wherever in its causes the driver left it. */
export function databaseWords(error: unknown): DatabaseWords {
  const chain: AnyError[] = [];
  for (let at: unknown = error; typeof at === 'object' && at !== null && chain.length < MAX_DEPTH; ) {
    chain.push(at);
    at = (at as AnyError).cause;
  }
  let said = textOf(chain[0]?.message);
  const causes: string[] = [];
  for (const { message } of chain.slice(1)) {
    const words = withoutStatement(textOf(message)).replace(/\.$/, '');
    if (words === '' || said.includes(words)) continue;
    said += words;
    causes.push(shortened(words));
  }
  const first = (pick: (one: AnyError) => string) => chain.map(pick).find((text) => text !== '');
  const detail = first((one) => textOf(one.detail) || reasons(one));
  const hint = first((one) => textOf(one.hint));
  return {
    causes,
    detail: detail === undefined ? null : shortened(detail),
    hint: hint === undefined ? null : shortened(hint),
  };
}

/**
 * An error for people, in one line and without passwords: its message, and what the database said besides.
 *
 * @example
 * errorText(error); // duplicate key value violates ... refuses the row. Detail: Key (node)=(7) already exists.
 */
export function errorText(error: unknown): string {
  // A list of ours has an item a line.
  const message = withoutSecrets(error instanceof Error ? error.message || error.name : asError(error).message);
  const { causes, detail, hint } = databaseWords(error);
  const more = [
    ...causes.map((cause) => `Cause: ${cause}.`),
    ...(detail === null ? [] : [`Detail: ${detail}`]),
    ...(hint === null ? [] : [`Hint: ${hint}`]),
  ];
  return [message.replaceAll('\n- ', ' - '), ...more].join(' ');
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const shortened = (text: string): string => keptText(text, MAX_LENGTH);

const reasons = ({ errInfo }: AnyError): string =>
  errInfo?.details === undefined ? '' : JSON.stringify(errInfo.details);

/** Knex puts the whole statement with its values before what the server said. */
function withoutStatement(message: string): string {
  const dash = message.lastIndexOf(' - ');
  return dash === -1 ? message : message.slice(dash + 3);
}
