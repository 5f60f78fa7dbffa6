import type { Table } from '../driver/table.js';
import { invalidSchema } from '../errors.js';
import type { ArchiveOption } from './archive.js';
import { named, rejectUnknown } from './option.js';
import { isPlainObject } from './resolve-condition.js';

type Place = Pick<Table, 'schema' | 'name'>;

/** Where the deleted rows of one table are kept. */
export interface Archived extends Place {
  /** Where it is named, as a path into the options of the store. */
  readonly path: string;
  readonly of: Place;
}

const PATH = 'schema.archive';

/**
 * The archive of some tables. Throws `INVALID_SCHEMA` with the path of the mistake.
 *
 * @param deleted the tables whose rows are deleted, the same one maybe more than once.
 */
export function resolveArchive(
  option: boolean | ArchiveOption | undefined,
  deleted: readonly Place[],
): readonly Archived[] | null {
  if (option === undefined || option === false) return null;
  const given: unknown = option === true ? {} : option;
  if (!isPlainObject(given)) throw invalidSchema(`${PATH} is ${JSON.stringify(given)}`, 'Give true, or an object');
  rejectUnknown(PATH, given, ['schema', 'tables']);
  const { tables = {}, schema: wanted } = given as ArchiveOption;
  if (!isPlainObject(tables))
    throw invalidSchema(`${PATH}.tables is ${JSON.stringify(tables)}`, 'Give the names of archives by those of tables');
  const schema = named(`${PATH}.schema`, wanted, undefined);
  rejectUnknown(
    `${PATH}.tables`,
    tables,
    deleted.map(({ name }) => name),
  );
  const each = [...new Map(deleted.map((of) => [placeText(of), of])).values()];
  const taken = new Map(each.map((of) => [placeText(of), `the table "${of.name}" itself`]));
  return each.map((of) => {
    const path = `${PATH}.tables.${of.name}`;
    const archived: Archived = {
      ...{ path, of, schema: schema ?? of.schema },
      name: named(path, (tables as ArchiveOption['tables'])?.[of.name], `${of.name}_archive`),
    };
    const other = taken.get(placeText(archived));
    if (other !== undefined)
      throw invalidSchema(`${path} is '${archived.name}', which is ${other}`, 'Give each archive a name of its own');
    taken.set(placeText(archived), `the archive of "${of.name}" as well`);
    return archived;
  });
}

/** A table's place as one text, for maps. */
export const placeText = ({ schema, name }: Place): string => JSON.stringify([schema ?? null, name]);
