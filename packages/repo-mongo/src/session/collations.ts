import type { Connection } from 'mongoose';
import type { Collection } from '../mapping/collections.js';
import { answered, bounds } from './answered.js';

/** What a command is told: nothing, or to compare texts to the letter where its collection does it in another way. */
export interface Collation {
  readonly collation?: { readonly locale: 'simple' };
}

const TO_THE_LETTER: Collation = { collation: { locale: 'simple' } };

/** Which collections have a collation of their own: asked once for each that is there, outside of any session. */
export class Collations {
  private readonly known = new Map<string, Collation>();

  constructor(
    private readonly connection: Connection,
    private readonly maxTimeMS: number,
  ) {}

  async of({ collectionName }: Collection): Promise<Collation> {
    const known = this.known.get(collectionName);
    if (known !== undefined) return known;
    const [found] = await describeCollection(this.connection, collectionName, this.maxTimeMS);
    const collation = found?.options?.collation === undefined ? {} : TO_THE_LETTER;
    if (found !== undefined) this.known.set(collectionName, collation);
    return collation;
  }
}

/** What the server says about a collection; nothing where there is none. */
export interface CollectionInfo {
  /** `collection`, `view` or `timeseries`. */
  readonly type?: string;
  readonly options?: { readonly collation?: object };
}

/** Asks for a collection by its name, on an open connection. */
export async function describeCollection(
  { db }: Connection,
  name: string,
  maxTimeMS: number,
): Promise<readonly CollectionInfo[]> {
  const asked = db?.listCollections({ name }, { readPreference: 'primary', ...bounds(maxTimeMS) }).toArray();
  return asked === undefined ? [] : answered(asked, maxTimeMS);
}
