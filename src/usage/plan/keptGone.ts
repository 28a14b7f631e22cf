import { BillingError } from '../../api/http/errors.ts';

/** An export began with usage that is stored no more. */
export function keptGone(): BillingError {
  return new BillingError('argument', 'The stored usage that the export reads is gone: it was cleared or replaced.', {
    advice: 'Start the export again.',
  });
}
