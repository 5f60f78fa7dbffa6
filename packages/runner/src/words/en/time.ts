/** Lengths of time, and when something is. */
export const time = {
  ms: (value: string) => `${value} ms`,
  s: (value: string) => `${value} s`,
  min: (value: string) => `${value} min`,
  h: (value: string) => `${value} h`,
  d: (value: string) => `${value} d`,
  ago: (length: string) => `${length} ago`,
  in: (length: string) => `in ${length}`,
  now: 'now',
  /** Between things that are said one after the other. */
  separator: '; ',
  every: (length: string) => `every ${length}`,
};
