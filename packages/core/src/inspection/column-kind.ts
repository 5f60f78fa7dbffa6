import type { ColumnCodec } from '../schema/mapping.js';

/** What a column holds as jobsweep writes it: a time in its codec, a text, a number or JSON, maybe as text. */
export type ColumnKind = ColumnCodec | 'text' | 'number' | 'json';
