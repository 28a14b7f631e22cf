import * as v from 'valibot';
import { BillingError } from '../http/errors.ts';

/** A name that a caller gives. */
export const nameInput = v.pipe(
  v.string(),
  v.check((text) => text.trim() !== '', 'is empty.'),
);

const ADVICE = 'Correct the field; nothing was sent.';

/**
 * A caller's input checked against a schema, before anything is sent. Schemas are strict: the service ignores members it does
 * not know, and a misspelled filter would pass for a smaller sum.
 *
 * @throws BillingError of kind `argument` whose message starts with the path of the field
 */
export function checked<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, input);
  if (result.success) {
    return result.output;
  }
  const [issue] = result.issues;
  throw refused(v.getDotPath(issue) ?? 'query', sentence(issue));
}

function sentence(issue: v.BaseIssue<unknown>): string {
  if (issue.kind === 'validation' || issue.type === 'custom') {
    return issue.message;
  }
  if (issue.expected === 'never') {
    return 'is not a member that is known here.';
  }
  return issue.received === 'undefined'
    ? 'is missing.'
    : `is ${issue.received.slice(0, 60)}, not ${issue.expected ?? 'as expected'}.`;
}

/** The caller's input is wrong: `field: sentence`. */
export function refused(field: string, sentence: string): BillingError {
  return new BillingError('argument', `${field}: ${sentence}`, { advice: ADVICE });
}
