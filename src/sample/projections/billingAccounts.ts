import type { BillingAccount, BillingProfile } from '../directory.ts';
import type { BillingVersion } from '../versions.ts';
import { ADDRESS, AZURE_PLAN, accountId, profileId } from './common.ts';

/**
 * A billing account. `expand` holds lower-case words: 2019-10-01-preview knows `address` and `billingProfiles`,
 * 2020-05-01 `soldTo` and `billingProfiles`, 2024-04-01 `soldTo`.
 */
export function projectBillingAccount(
  account: BillingAccount,
  version: BillingVersion,
  expand: ReadonlySet<string>,
  partnerTenantId: string,
): unknown {
  const base = { id: accountId(account), name: account.name, type: 'Microsoft.Billing/billingAccounts' };
  const agreement = {
    displayName: account.displayName,
    agreementType: 'MicrosoftPartnerAgreement',
    accountType: 'Partner',
  };
  const profiles = () => account.profiles.map((profile) => projectBillingProfile(account, profile, version));
  switch (version) {
    case '2019-10-01-preview':
      return {
        ...base,
        properties: {
          ...agreement,
          address: expand.has('address') ? ADDRESS : null,
          customerType: 'Partner',
          organizationId: account.organizationId,
          ...(expand.has('billingprofiles') ? { billingProfiles: profiles() } : {}),
        },
      };
    case '2020-05-01':
      return {
        ...base,
        properties: {
          ...agreement,
          accountStatus: 'Active',
          hasReadAccess: true,
          ...(expand.has('soldto') ? { soldTo: ADDRESS } : {}),
          ...(expand.has('billingprofiles') ? { billingProfiles: { hasMoreResults: false, value: profiles() } } : {}),
        },
      };
    case '2024-04-01':
      return {
        ...base,
        properties: {
          ...agreement,
          accountStatus: 'Active',
          accountSubType: 'Enterprise',
          hasReadAccess: true,
          billingRelationshipTypes: ['CSPPartner'],
          primaryBillingTenantId: partnerTenantId,
          ...(expand.has('soldto') ? { soldTo: { ...ADDRESS, isValidAddress: true } } : {}),
        },
        systemData: { createdAt: '2021-02-03T09:00:00.0000000Z', lastModifiedAt: '2021-02-03T09:00:00.0000000Z' },
      };
  }
}

/** A billing profile: `address` of the first version is `billTo` later. */
export function projectBillingProfile(
  account: BillingAccount,
  profile: BillingProfile,
  version: BillingVersion,
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
  switch (version) {
    case '2019-10-01-preview':
      return { ...base, properties: { ...common, address: ADDRESS, targetClouds: [] } };
    case '2020-05-01':
      return {
        ...base,
        properties: { ...common, billTo: ADDRESS, hasReadAccess: true, systemId: profile.systemId, targetClouds: [] },
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
