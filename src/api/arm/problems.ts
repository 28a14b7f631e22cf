import { ExactNumber } from '../../json/exact.ts';
import { BillingError } from '../http/errors.ts';

/** What is wrong with a body that a user wrote: the field, e.g. `properties.filter.and[1].values`, and what it should be. */
export interface Problem {
  path: string;
  /** One sentence without its subject, e.g. "is not a number." */
  message: string;
}

/** Collects problems below one member of a body. */
export class ProblemList {
  readonly problems: Problem[] = [];

  add(path: string, message: string): void {
    this.problems.push({ path, message });
  }

  /** The members of an object; undefined after the problem was noted. */
  object(path: string, value: unknown): Record<string, unknown> | undefined {
    if (isObject(value)) {
      return value;
    }
    this.add(path, isMissing(value) ? 'is missing.' : 'is not an object.');
    return undefined;
  }

  /** One of some words, compared without case as the service does; undefined where it is missing or another word. */
  word<T extends string>(path: string, value: unknown, words: readonly T[], optional = false): T | undefined {
    if (isMissing(value)) {
      if (!optional) {
        this.add(path, `is missing; use ${listed(words)}.`);
      }
      return undefined;
    }
    const found = words.find((word) => typeof value === 'string' && word.toLowerCase() === value.toLowerCase());
    if (found === undefined) {
      this.add(path, `is ${quoted(value)}; use ${listed(words)}.`);
    }
    return found;
  }

  /** A text with something in it. */
  text(path: string, value: unknown): string | undefined {
    if (typeof value === 'string' && value.trim() !== '') {
      return value;
    }
    this.add(path, isMissing(value) ? 'is missing.' : 'is not a text with something in it.');
    return undefined;
  }

  /** True or false, where it is given. */
  flag(path: string, value: unknown): void {
    if (!isMissing(value) && typeof value !== 'boolean') {
      this.add(path, 'is neither true nor false.');
    }
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

export function isMissing(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** A value of the caller as a message shows it. */
export function quoted(value: unknown): string {
  return `'${(typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))).slice(0, 60)}'`;
}

/**
 * Refuses a body with problems before anything is sent.
 *
 * @throws BillingError of kind `argument`: the first problem, and the others as advice
 */
export function refuseProblems(problems: readonly Problem[]): void {
  const [first, ...others] = problems.map(({ path, message }) => `${path}: ${message}`);
  if (first !== undefined) {
    throw new BillingError('argument', first, {
      advice: others.length === 0 ? undefined : `Also: ${others.slice(0, 9).join(' ')}`,
    });
  }
}
