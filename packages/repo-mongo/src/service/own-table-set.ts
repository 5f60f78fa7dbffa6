import { type OwnTableSet, type OwnTablesOption, ownTableSet } from '@jobsweep/core';

/** jobsweep's own collections. Throws `INVALID_OPTION` for a name that no collection of an application can have. */
export const mongoOwnTableSet = (option?: Omit<OwnTablesOption, 'schema'>): OwnTableSet =>
  ownTableSet(option, {
    isName: (name) => /^[^$\0]+$/.test(name) && !name.startsWith('system.'),
    fix: 'give the name of a collection',
    hasSchemas: false,
    id: '_id',
  });
