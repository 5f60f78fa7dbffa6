import type { Table } from '@jobsweep/core';
import type { Connection, mongo } from 'mongoose';
import type { Bson } from '../values/bson.js';
import type { IdType } from '../values/ids.js';

/** A collection of the user's own mongoose, so that its logging sees every command. */
export type Collection = mongo.Collection;

/** A collection, and what its ids are made of where that is known. */
export interface MappedCollection {
  readonly collection: Collection;
  readonly idType: IdType | undefined;
}

/** The collections behind the tables of core. */
export class Collections {
  constructor(
    readonly bson: Bson,
    private readonly byTable: ReadonlyMap<string, MappedCollection>,
  ) {}

  of({ name }: Pick<Table, 'name'>): MappedCollection {
    const found = this.byTable.get(name);
    if (found === undefined) throw new Error(`No collection is mapped for the table ${name}`);
    return found;
  }

  /** The same and one more, where none is mapped for that table. */
  with({ name }: Pick<Table, 'name'>, connection: Connection): Collections {
    if (this.byTable.has(name)) return this;
    const added = { collection: connection.collection(name), idType: undefined };
    return new Collections(this.bson, new Map([...this.byTable, [name, added]]));
  }
}
