import { segment } from './scope.ts';

/** What a list or resource of Microsoft.Billing hangs below: names, outermost first. */
export interface BillingParent {
  /** Name of the billing account; the word `default` where the service accepts it. */
  account: string;
  profile?: string | undefined;
  invoiceSection?: string | undefined;
  customer?: string | undefined;
  /** Name of a billing subscription. */
  subscription?: string | undefined;
}

const SEGMENTS: readonly (readonly [keyof BillingParent, string])[] = [
  ['account', 'billingAccounts'],
  ['profile', 'billingProfiles'],
  ['invoiceSection', 'invoiceSections'],
  ['customer', 'customers'],
  ['subscription', 'billingSubscriptions'],
];

/** The path of a parent, e.g. `/providers/Microsoft.Billing/billingAccounts/{a}/customers/{c}`. */
export function parentPath(parent: BillingParent): string {
  const parts = SEGMENTS.flatMap(([key, collection]) => {
    const name = parent[key];
    return name === undefined ? [] : [`${collection}/${segment(name)}`];
  });
  return `/providers/Microsoft.Billing/${parts.join('/')}`;
}
