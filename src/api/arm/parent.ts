import { nameSegment } from './scope.ts';

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

/**
 * The path of a parent, e.g. `/providers/Microsoft.Billing/billingAccounts/{a}/customers/{c}`.
 *
 * @throws BillingError of kind `argument` for a name that is none
 */
export function parentPath(parent: BillingParent): string {
  const parts = SEGMENTS.flatMap(([key, collection]) => {
    const name = parent[key];
    return name === undefined ? [] : [`${collection}/${nameSegment(key, name)}`];
  });
  return `/providers/Microsoft.Billing/${parts.join('/')}`;
}

/** The parent without its billing profile when it is a customer: calls that know a customer below its account only. */
export function customerAtAccount(parent: BillingParent): BillingParent {
  return parent.customer === undefined ? parent : { ...parent, profile: undefined };
}
