/** Documents that one command names, however many an operation is given. */
const CHUNK_ROWS = 500;

/** What one command can name, of any number. */
export function chunksOf<Item>(items: readonly Item[]): (readonly Item[])[] {
  const chunks: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += CHUNK_ROWS) chunks.push(items.slice(start, start + CHUNK_ROWS));
  return chunks;
}
