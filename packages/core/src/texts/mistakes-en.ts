import type { ColumnKind } from '../inspection/column-kind.js';
import type { MistakeAt, MistakeTexts } from '../inspection/schema-mistake.js';

const meantOr = ({ meant }: MistakeAt, fix: string): string =>
  meant === undefined ? fix : `${fix}: did you mean ${meant}?`;
const parent = (option: string): string => option.slice(0, option.lastIndexOf('.'));

/** What to do where a message or an exit code does not fit. */
const SAID: { readonly [Kind in ColumnKind]?: (option: string) => string } = {
  text: (option) =>
    `Set ${option} to null, so that none is written, to a column that holds text, or to { column, json } or { column, number }`,
  json: (option) => `Set ${option} to null, so that none is written, or to a column that holds JSON`,
  number: (option) => `Set ${option} to null, so that none is written, or to a column that holds numbers`,
};

/** Mistakes in the mapping, in English. */
export const mistakesEn: MistakeTexts = {
  missing: ({ what, name }, at) => ({
    problem: `There is no ${what} "${name}"`,
    fix: meantOr(
      at,
      what === 'table'
        ? `Set ${at.option} (and ${parent(at.option)}.schema), or create it`
        : `Set ${at.option} to its name; if it is right, MongoDB makes it with the first document, or you do now`,
    ),
  }),
  column: ({ table, column }, at) => ({
    problem: `Table "${table}" has no column "${column}"`,
    fix: meantOr(at, `Set ${at.option} to the name of the column`),
  }),
  type: ({ type, wanted, isCount }, { option }) => ({
    problem: `The column is of type ${type}, which holds no ${wanted === 'json' ? 'JSON' : wanted}`,
    fix: isCount
      ? `Set ${option} to a column that holds numbers`
      : (SAID[wanted]?.(option) ?? `Set ${option}.codec to what the column really holds`),
  }),
  notUnique: ({ what, name, column, key, scopedBy }) => ({
    problem:
      what === 'table'
        ? `Two rows of table "${name}" may have the same "${column}": no key is unique in it alone`
        : `Two documents of "${name}" may have the same "${column}": no index is unique in it alone`,
    fix:
      what === 'table'
        ? [
            ...(key.length === 0 ? [] : [`Name the whole key there (${key.join(', ')})`]),
            ...(scopedBy.length === 0 ? [] : [`give filters.scope one value of ${scopedBy.join(', ')}`]),
            `${key.length === 0 ? 'Add' : 'add'} a unique index on "${column}"`,
          ].join(', or ')
        : `Add a unique index on "${column}", or map _id`,
  }),
  notWritable: ({ what, name, type }, { option }) => ({
    problem: `"${name}" is a ${type}, which cannot be written`,
    fix: `Set ${option} to the ${what} behind it`,
  }),
  generated: ({ column }, { option }) => ({
    problem: `The database makes "${column}" of other columns, so it cannot be written`,
    fix: `Set ${option} to a column that can be, or to null where that is allowed`,
  }),
  equates: ({ column, by, key }, { option }) => ({
    problem: `"${column}" compares as ${by} has it, so that two keys in "${key}" may be one to it`,
    fix: `Give it the type and the collation of "${key}", or set ${option} to a column that has them`,
  }),
  linkType: ({ column, type, key, keyType }, { option }) => ({
    problem: `"${column}" is of type ${type}, and "${key}", which it names, of type ${keyType}`,
    fix: `Give both one type, or set ${option} to a column that has it`,
  }),
  group: ({ column, type }) => ({
    problem: `"${column}" is of type ${type}, whose values are not found again as they are read, so that they make no groups`,
    fix: "Name a column of another type, a generated one say, or set filters.keepNewest.per to 'name' or 'all'",
  }),
  field: ({ collection, field, documents }, { option }) => ({
    problem: `None of the documents of "${collection}" that were looked at (${documents}) has a field "${field}"`,
    fix: `Set ${option} to the name of the field`,
  }),
  value: ({ type, wanted, number }, { option }) => ({
    problem:
      number === undefined
        ? `The field holds a ${type}, which is no ${wanted}`
        : `The field holds ${number.value}, which looks like ${number.looksLike} and not like ${wanted}`,
    fix: `Set ${option}.codec to what the field really holds`,
  }),
  isoText: ({ value }, { option }) => ({
    problem: `It holds ${JSON.stringify(value)}, and such texts are not in order as their times are`,
    fix: `Keep times there in UTC as 2026-02-10T12:00:00.000Z, or name the value in ${option}.unset if it means "not set"`,
  }),
  link: ({ links, ids }) => ({
    problem: `The field holds a ${links.join(' or ')}, and the ids of jobs are of type ${ids.join(' or ')}: no allocation has a job`,
    fix: 'Map the field that holds the id of the job, or make both of one type',
  }),
  ahead: ({ rows, ahead }, { option }) => ({
    problem: `${ahead} of the ${rows} newest times lie more than 5 minutes ahead of the database's clock`,
    fix: `Set ${option}.codec to how they are kept, or let them be written in UTC; look for hosts whose clock is ahead`,
  }),
  rowSecurity: ({ table }) => ({
    problem: `Row level security of "${table}" is on for this role, so rows may be hidden from it or refused`,
    fix: 'Connect as a role with BYPASSRLS, or give this one policies that let it see and change every row it is to clean',
  }),
  storage: ({ table, engine }) => ({
    problem: `Table "${table}" is kept by ${engine}, which has neither transactions nor locks of rows`,
    fix: `Move it to another storage engine: ALTER TABLE ${table} ENGINE = InnoDB`,
  }),
  writers: ({ cluster, nodes }, { option }) => ({
    problem: `${nodes === null ? 'Several' : nodes} nodes of this cluster (${cluster}) take writes, and none knows the locks of the others`,
    fix: `Let jobsweep and all workers write through one node, and then say so: ${option}: 'accepted'`,
  }),
  archive: ({ name, of, misfits }, { option }) => ({
    problem:
      misfits === null
        ? `There is no table "${name}" to keep what is deleted from "${of}"`
        : `Table "${name}" has no room for all of "${of}": ${misfits
            .map(({ column, type, other }) =>
              other === null ? `"${column}" is missing (${type})` : `"${column}" is ${other} there, and not ${type}`,
            )
            .join('; ')}`,
    fix:
      misfits === null
        ? `Let \`jobsweep init --apply\` make it, or set ${option}`
        : `Give it these columns as "${of}" has them. Until then old_job_cleanup deletes nothing`,
  }),
  cascade: ({ table, columns, constraint, to, isJobs }, { option }) => ({
    problem: `Rows of "${table}" (${columns.join(', ')}) are deleted with rows of "${to}" by the foreign key ${constraint}, and are not archived`,
    fix: `${
      isJobs
        ? 'Let this key do something else ON DELETE, as SET NULL'
        : `Name "${table}" in ${option}, or let this key do something else ON DELETE`
    }. Until then old_job_cleanup deletes nothing`,
  }),
  fence: ({ field, type }, { option }) => ({
    problem: `Field "${field}" of jobs holds a ${type}, which cannot be incremented`,
    fix: `Set ${option} to a name that is free, or to one that holds numbers`,
  }),
};
