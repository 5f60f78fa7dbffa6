import { inspect } from 'node:util';
import { z } from 'zod';
import { closestWord } from '../../words/suggest.js';
import type { Words } from '../../words/words.js';
import { durationIn, type TimeUnit } from './durations.js';
import type { ConfigProblem } from './problems.js';

type Path = readonly PropertyKey[];

/** Says what `safeParse` found: one problem for each path, all of them. */
export function toProblems(
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodType,
  config: unknown,
  words: Words['config'],
): ConfigProblem[] {
  const problems = issues.flatMap((issue) => problemsOf(issue, [], { schema, config, words }));
  return [...new Map(problems.map((problem) => [problem.path, problem])).values()];
}

/** What an issue is about. */
interface About {
  readonly schema: z.ZodType;
  readonly config: unknown;
  readonly words: Words['config'];
}

function problemsOf(issue: z.core.$ZodIssue, above: Path, about: About): ConfigProblem[] {
  const { schema, config, words } = about;
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => ({ path: shown([...path, key]), ...unknownKey(key, known, words) }));
  }
  if (issue.code === 'invalid_union') {
    const inside = issue.errors.find((branch) =>
      branch.some((one) => one.path.length > 0 || one.code === 'unrecognized_keys'),
    );
    if (inside !== undefined) return inside.flatMap((one) => problemsOf(one, path, about));
  }
  const value = valueAt(config, path);
  return [
    {
      path: shown(path),
      problem: isSecret(path) ? words.unusable : saying(value, words),
      fix: fixOf(issue.message, value, path, about),
    },
  ];
}

/** What to say of a key that nobody knows. */
export function unknownKey(
  key: string,
  known: readonly string[],
  words: Words['config'],
): Pick<ConfigProblem, 'problem' | 'fix'> {
  const meant = closestWord(key, known);
  return {
    problem: words.unknown,
    fix: meant === undefined ? words.useOneOf(known.join(', ')) : words.didYouMean(meant),
  };
}

function fixOf(message: string, value: unknown, path: Path, { schema, words }: About): string {
  const leaf = schemaAt(schema, path);
  const unit = leaf?.meta()?.unit as TimeUnit | undefined;
  const duration = unit === undefined ? undefined : durationIn(unit, value);
  if (duration !== undefined) return words.suchAs(message, duration);
  if (leaf instanceof z.ZodEnum && typeof value === 'string') {
    const meant = closestWord(value, leaf.options.map(String));
    if (meant !== undefined) return words.either(message, words.didYouMean(meant));
  }
  return message;
}

const saying = (value: unknown, words: Words['config']): string => {
  if (value === undefined) return words.missing;
  const text = inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 60 });
  return words.is(text);
};

/** Values that may hold a password are not repeated. */
const isSecret = (path: Path): boolean => /url|password|secret|token/i.test(String(path.at(-1)));

const shown = (path: Path): string =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`)).join('');

function valueAt(config: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    config,
  );
}

const keysAt = (schema: z.ZodType, path: Path): string[] => {
  const found = schemaAt(schema, path);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
};

/** The part of a schema that a path leads to; of a union, its object if there is one. */
function schemaAt(schema: z.ZodType, [key, ...rest]: Path): z.ZodType | undefined {
  const parts = partsOf(schema);
  if (key === undefined) return parts.find((part) => part instanceof z.ZodObject) ?? parts[0];
  for (const part of parts) {
    const next = inside(part, key);
    const found = next && schemaAt(next, rest);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a value may be: all that a union offers. */
function partsOf(schema: z.ZodType): readonly z.ZodType[] {
  if (schema instanceof z.ZodOptional) return partsOf(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodUnion ? (schema.options as z.ZodType[]).flatMap(partsOf) : [schema];
}

function inside(part: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  if (part instanceof z.ZodObject) return (part.shape as Record<PropertyKey, z.ZodType>)[key];
  if (part instanceof z.ZodArray) return part.element as z.ZodType;
  return part instanceof z.ZodRecord ? (part.valueType as z.ZodType) : undefined;
}
