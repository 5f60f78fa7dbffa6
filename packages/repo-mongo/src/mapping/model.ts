import { type Condition, invalidOption, isIn, type TouchedColumns } from '@jobsweep/core';
import type { Connection } from 'mongoose';
import type { IdType } from '../values/ids.js';

/** What is asked of a mongoose model: any `Model`, of either release, has it. */
export interface UserModel {
  readonly modelName: string;
  readonly collection: { readonly collectionName: string };
  readonly db: object;
  readonly schema: {
    readonly aliases?: object;
    readonly discriminatorMapping?: object;
    get(option: string): unknown;
    path(name: string): unknown;
  };
}

/** What a model of the user's asks of those who change its documents without it. */
export interface Conventions {
  /** Which documents of the collection belong to the model: those of a discriminator carry its key. */
  readonly own: Condition | undefined;
  readonly idType: IdType | undefined;
  /**
   * The field that is set to the time of each change, and the version key where the model uses it for optimistic
   * concurrency: a `save` of an older copy then fails.
   */
  readonly touch: TouchedColumns;
}

/** Collections without a model ask nothing. */
export const NO_CONVENTIONS: Conventions = { own: undefined, idType: undefined, touch: { now: [], increment: [] } };

/** Throws `INVALID_OPTION` for what is no model, or one of another connection. */
export function conventionsOf(option: string, model: UserModel, connection: Connection, idField: string): Conventions {
  const given = model as Partial<UserModel> | null;
  if (given?.schema === undefined || given.collection === undefined)
    throw invalidOption(option, model, 'give a mongoose model');
  if (given.db !== connection) {
    throw invalidOption(
      option,
      `model ${model.modelName}`,
      'its connection is another one than the store has: give both the same',
    );
  }
  const { schema } = model;
  const { $timestamps, discriminatorMapping } = schema as {
    readonly $timestamps?: { readonly updatedAt?: string | null };
    readonly discriminatorMapping?: { readonly isRoot: boolean; readonly key: string; readonly value: string };
  };
  const isPart = discriminatorMapping !== undefined && !discriminatorMapping.isRoot;
  const updatedAt = $timestamps?.updatedAt ?? undefined;
  const versionKey = schema.get('versionKey');
  const isVersioned = Boolean(schema.get('optimisticConcurrency')) && typeof versionKey === 'string';
  const codec = instanceOf(model, updatedAt ?? '') === 'Number' ? 'epochMillis' : 'instant';
  return {
    own: isPart ? isIn(discriminatorMapping.key, [discriminatorMapping.value]) : undefined,
    idType: ID_TYPE_OF[instanceOf(model, idField)],
    touch: {
      now: updatedAt === undefined ? [] : [{ column: updatedAt, codec, unset: [] }],
      increment: isVersioned ? [versionKey] : [],
    },
  };
}

/** The field behind a name: the models of some users give long names to short fields. */
export function fieldOf(model: UserModel | undefined, name: string): string {
  // What is no model at all is refused later, by its own name.
  const { schema } = (model ?? {}) as Partial<UserModel>;
  const aliases = (schema?.aliases ?? {}) as Readonly<Record<string, string | undefined>>;
  return aliases[name] ?? name;
}

const ID_TYPE_OF: Readonly<Record<string, IdType | undefined>> = {
  ObjectId: 'objectId',
  ObjectID: 'objectId',
  String: 'string',
  Number: 'number',
  BigInt: 'number',
  UUID: 'uuid',
};

/** The type of a path, in mongoose's words. */
function instanceOf({ schema }: UserModel, field: string): string {
  return (schema.path(field) as { readonly instance?: string } | undefined)?.instance ?? '';
}
