import assert from 'node:assert/strict';
import { BillingError } from '../../src/api/http/errors.ts';

/** What is said of an argument that is refused: the sentence, and why. Accepting it fails the test. */
export function refusal(run: () => unknown): BillingError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof BillingError && error.kind === 'argument', String(error));
    return error;
  }
  return assert.fail('it was accepted');
}
