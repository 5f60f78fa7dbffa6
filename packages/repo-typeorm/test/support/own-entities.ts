import { DefaultNamingStrategy, EntitySchema } from 'typeorm';
import type { TypeormStoreOptions } from '../../src/index.js';

/** `startedAt` as `started_at`, the way most people have it. */
export class SnakeNaming extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string, prefixes: string[]): string {
    return snake([...prefixes, customName || propertyName].join('_'));
  }

  override joinColumnName(relationName: string, referencedColumnName: string): string {
    return snake(`${relationName}_${referencedColumnName}`);
  }
}

const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

interface Work {
  number: string;
  title: string;
  phase: string;
  period: { startedAt: Date | null; endedAt: Date | null };
  failure: string | null;
  updatedAt: Date;
  version: number;
  deletedAt: Date | null;
}

interface Booking {
  id: string;
  work: Work;
  phase: number;
  since: string;
  until: string | null;
  changedAt: Date;
  revision: number;
  deletedAt: Date | null;
}

const Period = new EntitySchema<Work['period']>({
  name: 'Period',
  columns: {
    startedAt: { type: Date, precision: 3, nullable: true },
    endedAt: { type: Date, precision: 3, nullable: true },
  },
});

/** Entities as another application has them, in a schema or database of their own. */
export function ownEntities(place: { readonly schema: string } | { readonly database: string }) {
  const Work = new EntitySchema<Work>({
    name: 'Work',
    ...place,
    columns: {
      number: { type: 'bigint', primary: true },
      title: {
        type: String,
        transformer: { to: (title: string) => title, from: (title: string) => title.toUpperCase() },
      },
      phase: { type: 'enum', enum: ['pending', 'running', 'completed', 'failed', 'cancelled'] },
      failure: { type: 'text', nullable: true },
      updatedAt: { type: Date, updateDate: true },
      version: { type: Number, version: true },
      deletedAt: { type: Date, deleteDate: true },
    },
    embeddeds: { period: { schema: Period } },
  });
  const Booking = new EntitySchema<Booking>({
    name: 'Booking',
    ...place,
    columns: {
      id: { type: 'uuid', primary: true, generated: 'uuid' },
      phase: { type: 'smallint' },
      since: { type: 'bigint' },
      until: { type: 'bigint', nullable: true },
      changedAt: { type: Date, updateDate: true },
      revision: { type: Number, version: true },
      deletedAt: { type: Date, deleteDate: true },
    },
    relations: { work: { type: 'many-to-one', target: 'Work', nullable: false } },
  });
  return { Work, Booking };
}

/** What the entities do not say by themselves. */
export const ownOptions = ({ Work, Booking }: ReturnType<typeof ownEntities>) =>
  ({
    entities: {
      jobs: {
        target: Work,
        properties: {
          name: 'title',
          state: 'phase',
          startTime: 'period.startedAt',
          endTime: 'period.endedAt',
          errorMsg: 'failure',
          exitCode: null,
        },
      },
      allocations: {
        target: Booking,
        properties: { status: 'phase', allocationTime: 'since', releasedTime: 'until' },
      },
    },
    schema: {
      jobs: {
        columns: {
          // PostgreSQL's own default for a Date has no zone, and this application keeps UTC in it.
          startTime: { column: 'period_started_at', codec: 'utcDateTime' },
          endTime: { column: 'period_ended_at', codec: 'utcDateTime' },
        },
      },
      allocations: {
        columns: {
          allocationTime: { column: 'since', codec: 'epochMillis' },
          releasedTime: { column: 'until', codec: 'epochMillis' },
        },
        statuses: { RESERVED: 1, ALLOCATED: 2, RELEASED: 9 },
      },
    },
  }) as const satisfies TypeormStoreOptions;
