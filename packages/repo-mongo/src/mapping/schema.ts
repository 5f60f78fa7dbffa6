import {
  invalidOption,
  invalidSchema,
  resolveSchema,
  type Schema,
  type SchemaOptions,
  type TimeColumn,
} from '@jobsweep/core';
import { fieldOf, type UserModel } from './model.js';

const JOB_FIELDS = {
  id: '_id',
  name: 'name',
  state: 'state',
  startTime: 'startTime',
  endTime: 'endTime',
  errorMsg: 'errorMsg',
  exitCode: 'exitCode',
};

const ALLOCATION_FIELDS = {
  id: '_id',
  jobId: 'jobId',
  status: 'status',
  allocationTime: 'allocationTime',
  releasedTime: 'releasedTime',
};

/** Fills in MongoDB's defaults and checks the mapping by itself. Throws `INVALID_SCHEMA` with the path of the mistake. */
export function mongoSchema(
  options: SchemaOptions = {},
  models: { readonly jobs?: UserModel; readonly allocations?: UserModel } = {},
): Schema {
  const { jobs = {}, allocations = {} } = options;
  const schema = resolveSchema({
    ...options,
    jobs: { ...jobs, columns: named(JOB_FIELDS, jobs.columns, models.jobs) },
    allocations:
      allocations === null
        ? null
        : { ...allocations, columns: named(ALLOCATION_FIELDS, allocations.columns, models.allocations) },
  });
  const [archived] = schema.archive ?? [];
  if (archived?.schema !== undefined)
    throw invalidSchema(
      `schema.archive.schema is '${archived.schema}'`,
      'Leave it out: the archive is in the same database',
    );
  check('jobs', schema.jobs, jobs.table, models.jobs);
  if (schema.allocations !== null) check('allocations', schema.allocations, allocations?.table, models.allocations);
  else if (models.allocations !== undefined)
    throw invalidOption(
      'models.allocations',
      models.allocations.modelName,
      'schema.allocations is null: leave one of them out',
    );
  return schema;
}

/** The names that the user gives, and the default names for those left out. */
function named<Names extends object>(defaults: Names, given: object = {}, model: UserModel | undefined): Names {
  const entries = Object.entries(defaults).map(([key, name]) => [key, fieldOf(model, String(name))]);
  return {
    ...(Object.fromEntries(entries) as Names),
    ...Object.fromEntries(Object.entries(given).filter(([, name]) => name !== undefined)),
  };
}

interface Collection {
  readonly schema: string | undefined;
  readonly columns: Readonly<Record<string, Named | readonly Named[] | null>>;
}

type Named = string | TimeColumn;

const isList = (column: Named | readonly Named[]): column is readonly Named[] => Array.isArray(column);

function check(
  name: string,
  { schema, columns }: Collection,
  table: string | undefined,
  model: UserModel | undefined,
): void {
  if (schema !== undefined) {
    throw invalidSchema(
      `schema.${name}.schema is '${schema}'`,
      `Give mongoStore the connection of that database: connection.useDb('${schema}')`,
    );
  }
  if (table !== undefined && model !== undefined) {
    throw invalidSchema(
      `schema.${name}.table is '${table}' beside models.${name}`,
      'Leave it out: the model names its collection',
    );
  }
  for (const [key, column] of Object.entries(columns)) {
    const path = `schema.${name}.columns.${key}`;
    const several = column === null ? [] : isList(column) ? column : [column];
    const fields = several.flatMap((each) => (typeof each === 'string' ? [each] : []));
    if (fields.length > 0) checkField(path, fieldOfKey(path, fields));
    for (const each of several) if (typeof each !== 'string') checkTime(path, each);
  }
}

/** The field of a key. Throws `INVALID_SCHEMA` for several: every document has an `_id` that names it alone. */
export function fieldOfKey(path: string, [field = '', ...more]: readonly string[]): string {
  if (more.length === 0) return field;
  throw invalidSchema(`${path} names ${more.length + 1} fields`, "Give the one that every document has: '_id'");
}

/** Throws `INVALID_SCHEMA` for a name that would be an operator, or that no field can have. */
export function checkField(path: string, field: string): void {
  if (!field.split('.').some((part) => part === '' || part.startsWith('$'))) return;
  throw invalidSchema(`${path} is '${field}'`, "Give the path of a field, as in 'meta.state'");
}

/** Throws `INVALID_SCHEMA` for a time that BSON does not have. */
export function checkTime(path: string, { column, codec, unset, zone }: TimeColumn): void {
  checkField(path, column);
  if (codec === 'utcDateTime') {
    throw invalidSchema(
      `${path}.codec is '${zone === undefined ? 'utcDateTime' : 'localDateTime'}'`,
      "MongoDB has no times without a zone. Use 'instant' for dates, epochSeconds or epochMillis for numbers, isoText for texts",
    );
  }
  const wrong = unset.find((value) => codec === 'instant' && Number.isNaN(Date.parse(String(value))));
  if (wrong !== undefined)
    throw invalidSchema(`${path}.unset holds '${wrong}'`, 'MongoDB has no such date. Leave it out');
}
