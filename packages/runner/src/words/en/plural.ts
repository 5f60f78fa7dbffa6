/** `1 row`, `14 rows`: a count, and what it counts. */
export const plural = (count: number | string, single: string, several = `${single}s`): string =>
  `${count} ${String(count) === '1' ? single : several}`;
