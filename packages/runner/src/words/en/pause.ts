/** `jobsweep pause` and `jobsweep resume`. */
export const pause = {
  paused: (strategy: string, by: string, until: string | null) =>
    `${by} has paused ${strategy} ${until === null ? 'until it is resumed' : `until ${until} UTC`}. Meanwhile it repairs nothing, on any runner.`,
  resumed: (strategy: string) => `${strategy} may have its turns again.`,
  notPaused: (strategy: string) => `${strategy} was not paused.`,
  duration: (value: string) =>
    `--for is '${value}': give a number and its unit (s, m, h or d), such as 90s, 30m, 2h or 3d; above 0 and up to ten years`,
};
