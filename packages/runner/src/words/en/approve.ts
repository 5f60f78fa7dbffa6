/** `jobsweep approve`. */
export const approve = {
  approved: (strategy: string, rows: string, until: string) =>
    `${strategy}: one pass may change at most ${rows} rows past its breaker, until ${until} UTC.`,
  nothing: (strategy: string) =>
    `No breaker has stopped the last pass of ${strategy}, or another pass has gone through since. Look at \`jobsweep history\`.`,
};
