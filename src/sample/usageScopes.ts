import { type DayRange, firstDay, lastDay } from './calendar.ts';
import type { BillingProfile } from './directory.ts';
import type { LineRange } from './ledger.ts';
import type { Tenant } from './tenant.ts';

/** A scope of the usage details operation, resolved to the lines it shows. */
export interface UsageScope {
  readonly kind: 'billingAccount' | 'billingProfile' | 'customer' | 'subscription' | 'invoice';
  /** The id in the service's own spelling, with a leading slash: ids of rows begin with it. */
  readonly id: string;
  /** Lines by billing profile, in the tenant's order; neighbouring runs. */
  readonly parts: ReadonlyArray<{ readonly profile: BillingProfile; readonly lines: LineRange }>;
  /** Rounding rows belong to no customer, so only accounts, profiles and invoices show them. */
  readonly withRounding: boolean;
  /** The only days the scope shows: an invoice's month. */
  readonly days?: DayRange;
}

interface ScopeError {
  readonly error: 'NotFound' | 'BadRequest';
  readonly message: string;
}

const BILLING = '/providers/Microsoft.Billing/billingAccounts';

/** Resolves an ARM id, with or without leading slash, compared without case, percent-encoded or not. */
export function parseUsageScope(tenant: Tenant, path: string): UsageScope | ScopeError {
  let segments: string[];
  try {
    segments = path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return { error: 'BadRequest', message: `The scope ${path} is not a valid path.` };
  }
  const word = (position: number): string => segments[position]?.toLowerCase() ?? '';
  if (word(0) === 'subscriptions' && segments.length === 2) return subscriptionScope(tenant, segments[1] ?? '');
  if (word(0) !== 'providers' || word(1) !== 'microsoft.billing' || word(2) !== 'billingaccounts' || !segments[3]) {
    return { error: 'BadRequest', message: `The scope ${path} is not supported for usage details.` };
  }
  const account = tenant.directory.accountNamed(segments[3]);
  if (!account) return notFound('billing account', segments[3]);
  const { ledger } = tenant;
  const accountId = `${BILLING}/${account.name}`;
  const ofProfile = (profile: BillingProfile) => ({ profile, lines: ledger.linesOfProfile(profile) });
  const name = segments[5] ?? '';

  if (segments.length === 4) {
    return { kind: 'billingAccount', id: accountId, parts: account.profiles.map(ofProfile), withRounding: true };
  }
  if (word(4) === 'customers' && segments.length === 6) {
    const customer = tenant.customerNamed(account, name);
    if (!customer) return notFound('customer', name);
    const parts = [{ profile: customer.profile, lines: ledger.linesOfCustomer(customer.index) }];
    return { kind: 'customer', id: `${accountId}/customers/${customer.name}`, parts, withRounding: false };
  }
  if (word(4) === 'billingprofiles' && (segments.length === 6 || (word(6) === 'invoices' && segments.length === 8))) {
    const profile = tenant.directory.profileNamed(account, name);
    if (!profile) return notFound('billing profile', name);
    const id = `${accountId}/billingProfiles/${profile.name}`;
    if (segments.length === 6) return { kind: 'billingProfile', id, parts: [ofProfile(profile)], withRounding: true };
    return invoiceScope(tenant, segments[7] ?? '', id, (owner) => owner === profile);
  }
  if (word(4) === 'invoices' && segments.length === 6) {
    return invoiceScope(tenant, name, accountId, (owner) => owner.account === account.index);
  }
  return { error: 'BadRequest', message: `The scope ${path} is not supported for usage details.` };
}

function subscriptionScope(tenant: Tenant, name: string): UsageScope | ScopeError {
  const subscription = tenant.directory.subscriptionNamed(name);
  if (!subscription) {
    return { error: 'NotFound', message: `The subscription '${name}' could not be found.` };
  }
  const { customer } = subscription;
  const lines = tenant.ledger.linesOfSubscription(customer.index, subscription.index);
  return {
    kind: 'subscription',
    id: `/subscriptions/${subscription.name}`,
    parts: [{ profile: customer.profile, lines }],
    withRounding: false,
  };
}

function invoiceScope(
  tenant: Tenant,
  name: string,
  parent: string,
  belongs: (profile: BillingProfile) => boolean,
): UsageScope | ScopeError {
  const invoice = tenant.invoiceNamed(name);
  if (!invoice || !belongs(invoice.profile)) return notFound('invoice', name);
  return {
    kind: 'invoice',
    id: `${parent}/invoices/${invoice.name}`,
    parts: [{ profile: invoice.profile, lines: tenant.ledger.linesOfProfile(invoice.profile) }],
    withRounding: true,
    days: { from: firstDay(invoice.month), to: lastDay(invoice.month) },
  };
}

function notFound(what: string, name: string): ScopeError {
  return { error: 'NotFound', message: `The ${what} '${name}' was not found.` };
}
