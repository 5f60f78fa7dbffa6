const WHOLE_NUMBER = /^\d+$/;

/** The order of ids: whole numbers by value, before all other texts. */
export function compareIds(one: string, other: string): number {
  const [isNumber, isOtherNumber] = [WHOLE_NUMBER.test(one), WHOLE_NUMBER.test(other)];
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  if (isNumber && one.length !== other.length) return one.length - other.length;
  return one < other ? -1 : Number(one > other);
}
