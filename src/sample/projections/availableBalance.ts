import { isoDay } from '../calendar.ts';
import type { BillingAccount, BillingProfile } from '../directory.ts';
import type { Tenant } from '../tenant.ts';
import type { BillingVersion } from '../versions.ts';
import { accountId, money, profileId } from './common.ts';

/**
 * What a billing profile (or, in 2024-04-01, all of an account: then in the currency of its first profile, which alone is
 * counted) has paid beyond its invoices. Only one has: whose invoice is overdue has paid half of it without naming it, and
 * the newest version tells that payment.
 */
export function projectAvailableBalance(
  tenant: Tenant,
  account: BillingAccount,
  profile: BillingProfile | undefined,
  version: BillingVersion,
): unknown {
  const parent = profile ? profileId(account, profile) : accountId(account);
  const parentType = profile ? 'billingAccounts/billingProfiles' : 'billingAccounts';
  const owner = profile ?? account.profiles[0];
  const currency = owner?.currency ?? 'USD';
  const payments = (profile ? [profile] : account.profiles).flatMap((of) => {
    const overdue = tenant.invoices(of).find(({ status }) => status === 'OverDue');
    return overdue ? [{ of, overdue, paid: overdue.total / 2n }] : [];
  });
  const amount = payments.filter(({ of }) => of === owner).reduce((sum, { paid }) => sum + paid, 0n);
  return {
    id: `${parent}/availableBalance/default`,
    name: 'default',
    type: `Microsoft.Billing/${parentType}/availableBalance`,
    properties: {
      amount: money(currency, amount),
      ...(version === '2024-04-01'
        ? {
            totalPaymentsOnAccount: money(currency, amount),
            paymentsOnAccount: payments.map(({ of, overdue, paid }) => ({
              amount: money(of.currency, paid),
              billingProfileId: profileId(account, of),
              billingProfileDisplayName: of.displayName,
              invoiceId: `${accountId(account)}/invoices/${overdue.name}`,
              invoiceName: overdue.name,
              date: `${isoDay(overdue.dueDay)}T00:00:00Z`,
              paymentMethodType: 'wire',
            })),
          }
        : {}),
    },
  };
}
