import type { BillingAccount } from '../directory.ts';
import type { BillingVersion } from '../versions.ts';
import { projectBillingProfile } from './billingProfiles.ts';
import { ADDRESS, accountId } from './common.ts';

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
  // `billingProfiles/invoiceSections` expands the profiles and what is in them.
  const sections = new Set(expand.has('billingprofiles/invoicesections') ? ['invoicesections'] : []);
  const expanded = sections.size > 0 || expand.has('billingprofiles');
  const profiles = () => account.profiles.map((profile) => projectBillingProfile(account, profile, version, sections));
  switch (version) {
    case '2019-10-01-preview':
      return {
        ...base,
        properties: {
          ...agreement,
          address: expand.has('address') ? ADDRESS : null,
          customerType: 'Partner',
          organizationId: account.organizationId,
          ...(expanded ? { billingProfiles: profiles() } : {}),
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
          ...(expanded ? { billingProfiles: { hasMoreResults: false, value: profiles() } } : {}),
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
