import { COST_SCALE, exactNumber } from '../decimal.ts';
import type { BillingAccount, BillingProfile, Customer } from '../directory.ts';

export const AZURE_PLAN = { skuId: '0001', skuDescription: 'Microsoft Azure Plan' } as const;

export const ADDRESS = {
  companyName: 'Harbourlight Cloud Partners',
  addressLine1: '14 Lantern Quay',
  city: 'Seattle',
  region: 'WA',
  country: 'US',
  postalCode: '98101',
} as const;

export function accountId(account: BillingAccount): string {
  return `/providers/Microsoft.Billing/billingAccounts/${account.name}`;
}

export function profileId(account: BillingAccount, profile: BillingProfile): string {
  return `${accountId(account)}/billingProfiles/${profile.name}`;
}

/** The id that cost operations take as scope, and the id of the customer itself before 2024-04-01. */
export function customerId(customer: Customer): string {
  return `${accountId(customer.account)}/customers/${customer.name}`;
}

/** The id of the customer since 2024-04-01: below its billing profile, and no scope of cost operations. */
export function profileCustomerId(customer: Customer): string {
  return `${profileId(customer.account, customer.profile)}/customers/${customer.name}`;
}

/** `{currency, value}`; units of 10^-20. */
export function money(currency: string, units: bigint): { currency: string; value: unknown } {
  return { currency, value: exactNumber(units, COST_SCALE) };
}
