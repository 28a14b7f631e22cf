import { BillingError } from '../../api/http/errors.ts';

/** An export began with stored usage, which is nobody's to read at present; it may well be there. */
export function keptClosed(): BillingError {
  return new BillingError(
    'signIn',
    'The stored usage that the export reads cannot be read: nobody is signed in, or stored data is turned off.',
    { advice: 'Sign in as before, or set azureBilling.store.limit above 0, and resume.' },
  );
}

/** An export began with usage that is stored no more. */
export function keptGone(): BillingError {
  return new BillingError('argument', 'The stored usage that the export reads is gone: it was cleared or replaced.', {
    advice: 'Start the export again.',
  });
}
