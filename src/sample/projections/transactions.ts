import { isoDay } from '../calendar.ts';
import { COST_SCALE, exactNumber, QUANTITY_SCALE, RATE_SCALE } from '../decimal.ts';
import type { BillingAccount } from '../directory.ts';
import type { TransactionFacts } from '../transactions.ts';
import type { BillingVersion } from '../versions.ts';
import { accountId, customerId, money, profileCustomerId, profileId } from './common.ts';
import { invoiceSectionId } from './invoiceSections.ts';

const time = (day: number): string => `${isoDay(day)}T00:00:00Z`;

/** Where a transaction is listed; in 2019-10-01-preview a customer's transactions have ids below the customer. */
export type TransactionPlace = 'profile' | 'customer';

/**
 * A transaction. The first version tells order and subscription, 2024-04-01 the id of the invoice. What belongs to no
 * customer carries the invoice section of its billing profile instead.
 */
export function projectTransaction(
  facts: TransactionFacts,
  account: BillingAccount,
  version: BillingVersion,
  place: TransactionPlace,
  azurePlanName: string,
): unknown {
  const { profile, customer, subscription, invoice, name } = facts;
  const { currency } = profile;
  const newest = version === '2024-04-01';
  const first = version === '2019-10-01-preview';
  const properties = {
    kind: facts.isReservation ? (newest ? 'Reservation' : 'reservation') : newest ? 'All' : 'all',
    date: time(facts.day),
    invoice: invoice?.name ?? 'pending',
    ...(newest
      ? {
          invoiceId: invoice ? `${accountId(account)}/invoices/${invoice.name}` : '',
          azurePlan: subscription ? 'Microsoft Azure Plan' : '',
          consumptionCommitmentDecremented: money(currency, 0n),
          isThirdParty: facts.family === 'SaaS',
          partNumber: '',
          reasonCode: '',
          specialTaxationType: 'InvoiceLevel',
        }
      : {}),
    ...(first && customer && subscription
      ? {
          orderId: azurePlanName,
          orderName: 'Azure plan',
          subscriptionId: `${accountId(account)}/billingSubscriptions/${subscription.name}`,
          subscriptionName: subscription.displayName,
        }
      : {}),
    productFamily: facts.family,
    productTypeId: facts.productTypeId,
    productType: facts.productType,
    productDescription: facts.description,
    transactionType: facts.type,
    transactionAmount: money(currency, facts.amount),
    quantity: facts.quantity,
    billingProfileId: profileId(account, profile),
    billingProfileDisplayName: profile.displayName,
    ...(customer
      ? {
          customerId: newest ? profileCustomerId(customer) : customerId(customer),
          customerDisplayName: customer.displayName,
        }
      : {
          invoiceSectionId: invoiceSectionId(account, profile),
          invoiceSectionDisplayName: profile.displayName,
        }),
    azureCreditApplied: money(currency, 0n),
    billingCurrency: currency,
    discount: facts.discount,
    effectivePrice: money(facts.pricingCurrency, facts.price),
    exchangeRate: exactNumber(facts.rate, RATE_SCALE),
    marketPrice: money(facts.pricingCurrency, facts.marketPrice),
    pricingCurrency: facts.pricingCurrency,
    servicePeriodStartDate: time(facts.service.from),
    servicePeriodEndDate: time(facts.service.to),
    subTotal: money(currency, facts.amount),
    // Tax is known when the invoice is made; the sample's partner pays none.
    ...(invoice ? { tax: money(currency, 0n) } : {}),
    unitOfMeasure: facts.unit,
    units: exactNumber(facts.units, QUANTITY_SCALE),
    unitType: facts.unit,
  };
  const capital = (id: string): string =>
    id.replace('/billingAccounts/', '/BillingAccounts/').replace('/billingProfiles/', '/BillingProfiles/');
  if (first && place === 'customer' && customer) {
    return {
      id: `${capital(customerId(customer))}/transactions/${name}`,
      name,
      type: 'Microsoft.Billing/transactions',
      properties,
    };
  }
  return {
    id: `${capital(profileId(account, profile))}/transactions/${name}`,
    name,
    type: 'Microsoft.Billing/billingAccounts/billingProfiles/transactions',
    properties,
  };
}

/** Sums of an invoice: plain numbers in its currency. Sums are of all its transactions. */
export function projectTransactionSummary(currency: string, total: bigint): unknown {
  const zero = exactNumber(0n, COST_SCALE);
  return {
    azureCreditApplied: zero,
    billingCurrency: currency,
    consumptionCommitmentDecremented: zero,
    subTotal: exactNumber(total, COST_SCALE),
    tax: zero,
    total: exactNumber(total, COST_SCALE),
  };
}
