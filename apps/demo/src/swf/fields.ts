/** Fields of one record of the Standard Workload Format, version 2.2. Further ones are ignored. */
const FIELD_COUNT = 18;

/** Positions of the fields that are used, from 0. */
export const FIELD = {
  id: 0,
  submit: 1,
  wait: 2,
  run: 3,
  allocatedProcessors: 4,
  requestedProcessors: 7,
  status: 10,
  user: 11,
  executable: 13,
  queue: 14,
} as const;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The first 18 fields of a line as numbers, or why they are none. */
export function parseFields(line: string): readonly number[] | 'tooFewFields' | 'notANumber' {
  const words = line.trim().split(/\s+/, FIELD_COUNT);
  if (words.length < FIELD_COUNT) return 'tooFewFields';
  if (!words.every((word) => NUMBER.test(word))) return 'notANumber';
  return words.map(Number);
}
