import type { Condition } from '../driver/table.js';

/** Whether no row can meet both of two conditions, as far as that shows in the values that they name. */
export function areDisjoint(one: Condition, other: Condition): boolean {
  return alternativesOf(one).every((first) => alternativesOf(other).every((second) => contradict(first, second)));
}

/** The ways to meet a condition: lists of terms that all hold. */
function alternativesOf(condition: Condition): readonly (readonly Condition[])[] {
  if ('any' in condition) return condition.any.flatMap(alternativesOf);
  return ['all' in condition ? condition.all : [condition]];
}

function contradict(some: readonly Condition[], others: readonly Condition[]): boolean {
  return some.some((one) => others.some((other) => excludes(one, other) || excludes(other, one)));
}

/** Whether a term leaves none of the values of a column that another one asks for. */
function excludes(term: Condition, other: Condition): boolean {
  if (!('in' in other)) return false;
  const wanted = other.in.map(textOf);
  if ('in' in term && term.column === other.column) {
    const given = new Set(term.in.map(textOf));
    return !wanted.some((value) => given.has(value));
  }
  if (!('not' in term && 'in' in term.not && term.not.column === other.column)) return false;
  const refused = new Set(term.not.in.map(textOf));
  return wanted.every((value) => refused.has(value));
}

/** One text for values that some database takes for the same: a boolean is a number to several. */
const textOf = (value: string | number | boolean | null): string =>
  value === null ? 'null' : typeof value === 'boolean' ? `=${Number(value)}` : `=${value}`;
