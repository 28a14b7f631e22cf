import type { BillingAccount, BillingProfile } from '../directory.ts';
import type { BillingVersion } from '../versions.ts';
import { profileId } from './common.ts';

/** The one invoice section of a billing profile has the name of the profile's system id. */
export function invoiceSectionId(account: BillingAccount, profile: BillingProfile): string {
  return `${profileId(account, profile)}/invoiceSections/${profile.systemId}`;
}

/**
 * The invoice section of a billing profile. Customers of partners are not in sections: it holds what the partner bought
 * for itself, and roundings.
 */
export function projectInvoiceSection(
  account: BillingAccount,
  profile: BillingProfile,
  version: BillingVersion,
): unknown {
  const base = {
    id: invoiceSectionId(account, profile),
    name: profile.systemId,
    type: 'Microsoft.Billing/billingAccounts/billingProfiles/invoiceSections',
  };
  const common = { displayName: profile.displayName, state: 'Active' };
  switch (version) {
    case '2019-10-01-preview':
      return { ...base, properties: common };
    case '2020-05-01':
      return { ...base, properties: { ...common, systemId: profile.systemId, labels: {} } };
    case '2024-04-01':
      return {
        ...base,
        properties: { ...common, provisioningState: 'Succeeded', systemId: profile.systemId, tags: {} },
      };
  }
}
