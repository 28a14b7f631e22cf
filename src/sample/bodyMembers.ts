import { badRequest } from './answers.ts';
import { digitsOf, quoted } from './exactJson.ts';

/** Reading members of a request's JSON body, whose names are compared without case. Each throws a Refusal that names the path. */

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && digitsOf(value) === undefined;
}

/** The value of a member; undefined when it is absent or null. */
export function member(object: unknown, name: string): unknown {
  if (!isObject(object)) return undefined;
  const key = Object.keys(object).find((k) => k.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : (object[key] ?? undefined);
}

/** The one member of an object. */
export function only(value: unknown, path: string): readonly [string, unknown] {
  const entries = isObject(value) ? Object.entries(value).filter(([, content]) => content !== null) : [];
  const [entry] = entries;
  if (!entry || entries.length > 1) throw badRequest(`${path} must be an object with exactly one member.`);
  return entry;
}

/** A list of texts; a missing list is refused. */
export function listOfTexts(value: unknown, path: string): readonly string[] {
  if (value === undefined) throw badRequest(`${path} is required.`);
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
    throw badRequest(`${path} must be a list of texts.`);
  }
  return value as readonly string[];
}

/** One of the words, in the service's own spelling; compared without case. */
export function oneOf(value: unknown, words: readonly string[], path: string): string {
  if (value === undefined) throw badRequest(`${path} is required.`);
  const word = words.find((w) => w.toLowerCase() === (typeof value === 'string' ? value.toLowerCase() : undefined));
  if (word !== undefined) return word;
  throw badRequest(`The value '${quoted(value)}' of ${path} is not valid: use one of ${words.join(', ')}.`);
}
