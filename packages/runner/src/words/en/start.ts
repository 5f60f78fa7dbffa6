/** `jobsweep start`'s own lines of the log. */
export const start = {
  started: (where: string, strategies: string) => `Started${where}: ${strategies}`,
  serving: (url: string) => `, serving ${url}`,
  stopping: 'Stopping',
  stopped: 'Stopped',
};
