import { isoDay } from '../calendar.ts';
import type { ChargeSummary } from '../charges.ts';
import { guid, hash } from '../hash.ts';
import { accountId, customerId, money, profileId } from './common.ts';
import { invoiceSectionId } from './invoiceSections.ts';

/** A charge summary of kind modern. `scopeId` is where it was asked for; a customer's own has its id below the customer. */
export function projectChargeSummary(summary: ChargeSummary, scopeId: string): unknown {
  const { account, profile, part, month } = summary;
  const { currency } = profile;
  const customer = typeof part === 'object' ? part : undefined;
  const keyOfPart = customer ? customer.index + 3 : ['all', 'customers', 'own'].indexOf(String(part));
  const name = guid(hash(0xc4a26, month, profile.index, summary.days.from, summary.days.to), keyOfPart);
  const period = `${Math.floor(month / 12)}${String((month % 12) + 1).padStart(2, '0')}`;
  return {
    id: `${customer ? customerId(customer) : scopeId}/providers/Microsoft.Consumption/charges/${name}`,
    name,
    type: 'Microsoft.Consumption/charges',
    kind: 'modern',
    properties: {
      billingPeriodId: `${accountId(account)}/providers/Microsoft.Billing/billingPeriods/${period}`,
      usageStart: isoDay(summary.days.from),
      usageEnd: isoDay(summary.days.to),
      azureCharges: money(currency, summary.azure),
      chargesBilledSeparately: money(currency, summary.separately),
      marketplaceCharges: money(currency, summary.marketplace),
      billingAccountId: accountId(account),
      billingProfileId: profileId(account, profile),
      invoiceSectionId: part === 'own' ? invoiceSectionId(account, profile) : null,
      customerId: customer ? customerId(customer) : null,
      isInvoiced: summary.isInvoiced,
    },
  };
}
