import type { ErrorCode } from '@jobsweep/core';

/** What went wrong with a command. */
export const failures = {
  error: 'Error',
  /** Between what something is about and what is said of it. */
  colon: ': ',
  cause: (text: string) => `Cause: ${text}`,
  detail: (text: string) => `Detail: ${text}`,
  hint: (text: string) => `Hint: ${text}`,
  /** What to do about an error of the library, where its own message is in another language. */
  advice: null as Readonly<Record<ErrorCode, string>> | null,
  said: (_advice: string, message: string) => message,
  stoppedAtQuestion: 'Stopped at a question',
  stoppedBy: (signal: string) => `Stopped by ${signal}`,
  configUnusable: (file: string) => `${file} cannot be used:`,
  engineUnfit: 'Nothing can be written here without harm:',
  mappingUnfit: 'The mapping does not fit the tables:',
  mistake: (path: string, problem: string, fix: string) => `${path}: ${problem}. ${fix}${fix.endsWith('?') ? '' : '.'}`,
  noStrategy: (name: string) => `There is no strategy '${name}' here: `,
  useOneOf: (names: string) => `use one of ${names}`,
  didYouMean: (name: string) => `did you mean ${name}?`,
  noGrants: 'This adapter cannot tell what a user needs.',
};
