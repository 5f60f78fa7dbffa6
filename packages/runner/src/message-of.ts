/** What an error says, with what the database said besides and without passwords: for logs, reports and the history. */
export { errorText as messageOf } from '@jobsweep/core';
