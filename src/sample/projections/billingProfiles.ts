import type { BillingAccount, BillingProfile } from '../directory.ts';
import type { BillingVersion } from '../versions.ts';
import { ADDRESS, AZURE_PLAN, profileId } from './common.ts';
import { projectInvoiceSection } from './invoiceSections.ts';

/**
 * A billing profile: `address` of the first version is `billTo` later. The first two versions hold the invoice sections
 * when `expand` (lower-case words) has `invoicesections`.
 */
export function projectBillingProfile(
  account: BillingAccount,
  profile: BillingProfile,
  version: BillingVersion,
  expand: ReadonlySet<string>,
): unknown {
  const base = {
    id: profileId(account, profile),
    name: profile.name,
    type: 'Microsoft.Billing/billingAccounts/billingProfiles',
  };
  const common = {
    displayName: profile.displayName,
    billingRelationshipType: 'CSPPartner',
    currency: profile.currency,
    enabledAzurePlans: [AZURE_PLAN],
    invoiceDay: 1,
    invoiceEmailOptIn: true,
    poNumber: '',
    spendingLimit: 'Off',
    status: 'Active',
  };
  const sections = expand.has('invoicesections') ? [projectInvoiceSection(account, profile, version)] : undefined;
  switch (version) {
    case '2019-10-01-preview':
      return {
        ...base,
        properties: {
          ...common,
          address: ADDRESS,
          targetClouds: [],
          ...(sections ? { invoiceSections: sections } : {}),
        },
      };
    case '2020-05-01':
      return {
        ...base,
        properties: {
          ...common,
          billTo: ADDRESS,
          hasReadAccess: true,
          systemId: profile.systemId,
          targetClouds: [],
          ...(sections ? { invoiceSections: { hasMoreResults: false, value: sections } } : {}),
        },
      };
    case '2024-04-01': {
      const address = { ...ADDRESS, isValidAddress: true };
      return {
        ...base,
        properties: {
          ...common,
          billTo: address,
          soldTo: address,
          hasReadAccess: true,
          provisioningState: 'Succeeded',
          systemId: profile.systemId,
          tags: {},
        },
      };
    }
  }
}
