/**
 * Waits for the first item, so that a source that has none or fails says so at once, and gives all of them again.
 */
export async function peek<Item>(items: AsyncGenerator<Item>): Promise<AsyncGenerator<Item>> {
  const first = await items.next();
  return rejoin(first, items);
}

async function* rejoin<Item>(first: IteratorResult<Item>, rest: AsyncGenerator<Item>): AsyncGenerator<Item> {
  try {
    if (!first.done) yield first.value;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
