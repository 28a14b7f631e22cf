import path from 'node:path';
import { refused } from '../api/arm/input.ts';

/** What a command was called with: a plain argument or a row of the tree, neither of which is trusted. */
export type Given = Readonly<Record<string, unknown>>;

/**
 * A text of an argument; undefined when it is left out.
 *
 * @throws BillingError of kind `argument`
 */
export function givenText(given: Given, field: string): string | undefined {
  const value = given[field];
  if (value === undefined || (typeof value === 'string' && value.trim() !== '')) {
    return value as string | undefined;
  }
  throw refused(field, 'has to be a text with something in it.');
}

/**
 * An absolute path of an argument; undefined when it is left out.
 *
 * @throws BillingError of kind `argument`
 */
export function givenPath(given: Given, field: string): string | undefined {
  const value = givenText(given, field);
  if (value !== undefined && !path.isAbsolute(value)) {
    throw refused(field, `'${value.slice(0, 200)}' is not an absolute path.`);
  }
  return value;
}

/**
 * A switch of an argument; undefined when it is left out.
 *
 * @throws BillingError of kind `argument`
 */
export function givenFlag(given: Given, field: string): boolean | undefined {
  const value = given[field];
  if (value !== undefined && typeof value !== 'boolean') {
    throw refused(field, 'is neither true nor false.');
  }
  return value;
}
