import { firstDay, isoDay, lastDay } from '../calendar.ts';
import type { BillingAccount, BillingSubscription } from '../directory.ts';
import { documentName, downloadToken } from '../invoiceDocuments.ts';
import type { Invoice } from '../invoices.ts';
import type { BillingVersion } from '../versions.ts';
import { accountId, money, profileId } from './common.ts';

const time = (day: number): string => `${isoDay(day)}T00:00:00Z`;

/**
 * An invoice, by account or profile, or below a subscription. 2019-10-01-preview ids have no leading slash and name the
 * billing profile; later ids start with a slash and do not name it.
 */
export function projectInvoice(
  invoice: Invoice,
  account: BillingAccount,
  version: BillingVersion,
  origin: string,
  subscription?: BillingSubscription,
): unknown {
  const { profile, status } = invoice;
  const { currency } = profile;
  const own = profileId(account, profile);
  const owner = version === '2019-10-01-preview' ? own : accountId(account);
  const token = `downloadToken=${downloadToken(invoice)}&useCache=True&api-version=${version}`;
  const download = `${origin}${owner}/invoices/${invoice.name}/download?${token}`;
  const properties = {
    dueDate: time(invoice.dueDay),
    invoiceDate: time(invoice.invoiceDay),
    status,
    amountDue: money(currency, invoice.amountDue),
    azurePrepaymentApplied: money(currency, 0n),
    billedAmount: money(currency, invoice.total),
    creditAmount: money(currency, 0n),
    freeAzureCreditApplied: money(currency, 0n),
    subTotal: money(currency, invoice.total),
    taxAmount: money(currency, 0n),
    totalAmount: money(currency, invoice.total),
    invoicePeriodStartDate: time(firstDay(invoice.month)),
    invoicePeriodEndDate: time(lastDay(invoice.month)),
    invoiceType: version === '2024-04-01' ? 'AzureServices' : 'AzureService',
    isMonthlyInvoice: invoice.isMonthly,
    billingProfileId: own,
    billingProfileDisplayName: profile.displayName,
    purchaseOrderNumber: '',
    documents: [documentOf(invoice, version, download)],
    payments:
      status === 'Paid'
        ? [
            {
              date: time(invoice.dueDay),
              paymentType: 'debited',
              amount: money(currency, invoice.total),
              paymentMethodFamily: 'CheckWire',
              paymentMethodType: 'wire',
            },
          ]
        : [],
    ...(version === '2019-10-01-preview' ? {} : { documentType: 'Invoice' }),
    ...(subscription ? { subscriptionId: subscription.name } : {}),
    ...(subscription && version === '2024-04-01' ? { subscriptionDisplayName: subscription.displayName } : {}),
  };
  return { ...identity(invoice, account, version, subscription), properties };
}

function identity(
  invoice: Invoice,
  account: BillingAccount,
  version: BillingVersion,
  subscription: BillingSubscription | undefined,
) {
  const { name } = invoice;
  const first = version === '2019-10-01-preview';
  if (subscription) {
    const parent = first ? accountId(account).slice(1) : '/providers/Microsoft.Billing/billingAccounts/default';
    return {
      id: `${parent}/billingSubscriptions/${subscription.name}/invoices/${name}`,
      name,
      type: 'Microsoft.Billing/billingAccounts/billingSubscriptions/invoices',
    };
  }
  return first
    ? {
        id: `${profileId(account, invoice.profile).slice(1)}/invoices/${name}`,
        name,
        type: 'Microsoft.Billing/billingAccounts/billingProfiles/invoices',
      }
    : { id: `${accountId(account)}/invoices/${name}`, name, type: 'Microsoft.Billing/billingAccounts/invoices' };
}

/** A document has an address in the first two versions and a name in the newest. */
function documentOf(invoice: Invoice, version: BillingVersion, url: string) {
  switch (version) {
    case '2019-10-01-preview':
      return { kind: 'Invoice', url, documentNumbers: [invoice.name] };
    case '2020-05-01':
      return { kind: 'Invoice', url, source: 'DRS' };
    case '2024-04-01':
      return { name: documentName(invoice), kind: 'Invoice', documentNumbers: [invoice.name], source: 'DRS' };
  }
}
