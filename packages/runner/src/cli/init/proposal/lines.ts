/** How often a value is there. */
export interface Counted {
  readonly value: string;
  readonly rows: number;
  /** There may be more: not all rows were counted. */
  readonly hasMore: boolean;
}

/** Why a line is as it is. */
export type Reason =
  /** Somebody said so: a flag, an answer. */
  | { readonly kind: 'given' }
  /** It is what jobsweep takes without being told. */
  | { readonly kind: 'default' }
  | { readonly kind: 'primaryKey' }
  | { readonly kind: 'uniqueKey' }
  | { readonly kind: 'foreignKey' }
  /** Its type leaves nothing open. */
  | { readonly kind: 'type'; readonly type: string }
  /** A number of this size, or a text of this form, is nothing else. */
  | { readonly kind: 'size'; readonly example: string }
  /** There is nothing of the kind, so nothing is read or written there. */
  | { readonly kind: 'none' }
  /** No column tells a status but the time of release: it is NULL as long as something is held. */
  | { readonly kind: 'setTime' }
  /** What must be left alone until somebody says so. */
  | { readonly kind: 'statusUnknown' }
  /** Its name, and its columns, are like it; and those of these others, too. */
  | { readonly kind: 'tableLike'; readonly others: readonly string[] }
  | { readonly kind: 'nameLike' }
  /** Nothing is like it, so this stands in. */
  | { readonly kind: 'standsIn' }
  /** A date and a time without a zone. */
  | { readonly kind: 'noZone' }
  /** No row tells whether a number counts seconds or milliseconds. */
  | { readonly kind: 'noValues' }
  /** The words of values are like it. */
  | { readonly kind: 'words'; readonly values: readonly Counted[] }
  /** No row has it, and it must be called something. */
  | { readonly kind: 'unused' };

/** What people are asked together. */
export type Topic = 'tables' | 'columns' | 'states' | 'times';

/** The reasons that assume something, and what they are about; all others are known. */
const ASSUMING: Readonly<Partial<Record<Reason['kind'], Topic>>> = {
  tableLike: 'tables',
  nameLike: 'columns',
  standsIn: 'columns',
  setTime: 'states',
  words: 'states',
  unused: 'states',
  noZone: 'times',
  noValues: 'times',
};

/** What a reason assumes something about; `undefined`: it is known. */
export const topicOf = ({ kind }: Reason): Topic | undefined => ASSUMING[kind];

/** One value of the proposed mapping. */
export interface Line {
  /** Where, in the options of the store: `schema.jobs.columns.startTime`. */
  readonly path: string;
  /** As the config file has it. */
  readonly value: unknown;
  readonly reasons: readonly [Reason, ...Reason[]];
}

/** Whether it assumes something that nobody has confirmed. */
export const isAssumed = ({ reasons }: Pick<Line, 'reasons'>): boolean =>
  reasons.some((reason) => topicOf(reason) !== undefined);

/** A line that somebody has confirmed, as far as it is about these things. */
export function confirmed(line: Line, topics: readonly Topic[]): Line {
  const isOpen = (reason: Reason) => {
    const topic = topicOf(reason);
    return topic === undefined || !topics.includes(topic);
  };
  const left = line.reasons.filter(isOpen);
  const [first, ...others] = left.length === line.reasons.length ? left : [{ kind: 'given' } as const, ...left];
  return first === undefined ? line : { ...line, reasons: [first, ...others] };
}
