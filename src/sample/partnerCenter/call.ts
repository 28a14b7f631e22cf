import type { SampleRequest } from '../answers.ts';
import { invalidInput, refused } from './errors.ts';

/** A request to Partner Center, with its headers. */
export interface PartnerCall extends SampleRequest {
  /** The text of a header (name in lower case); undefined when it is absent. */
  readonly header: (name: string) => string | undefined;
}

/** One of the words of a parameter, in this list's spelling; compared without case. Absent gives `otherwise`. */
export function wordOf<T extends string>(call: PartnerCall, name: string, words: readonly T[], otherwise: T): T {
  const text = call.parameters.get(name.toLowerCase());
  if (text === undefined || text === '') return otherwise;
  const word = words.find((w) => w.toLowerCase() === text.toLowerCase());
  if (word !== undefined) return word;
  throw refused(400, 900_126, `The value '${text}' of ${name} is not valid: use one of ${words.join(', ')}.`, [name]);
}

/** A whole number of a parameter; absent gives `otherwise`. */
export function countOf(
  call: PartnerCall,
  name: string,
  range: { readonly least: number; readonly most: number; readonly otherwise: number },
): number {
  const text = call.parameters.get(name.toLowerCase());
  if (text === undefined || text === '') return range.otherwise;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  if (value >= range.least && value <= range.most) return value;
  throw invalidInput(
    `The value '${text}' of ${name} is not valid: it must be a whole number from ${range.least} to ${range.most}.`,
  );
}

/** Whether the call asks for the page after the one whose token it carries; only `Next` is a direction here. */
export function seeksNext(call: PartnerCall, name: string): boolean {
  return wordOf(call, name, ['First', 'Next'], 'First') === 'Next';
}
